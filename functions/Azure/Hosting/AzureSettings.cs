using System.Text.RegularExpressions;
using CrmServerless.Azure.Messaging;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using Microsoft.Extensions.Configuration;

namespace CrmServerless.Azure.Hosting;

/// <summary>What the app is told by its settings, checked.</summary>
public sealed partial record AzureSettings
{
    /// <summary>A reference that was resolved is the secret; one that was not stays as it is.</summary>
    private const string VaultReference = "@Microsoft.KeyVault(";

    /// <summary><c>Azure__ClientId</c>: the user-assigned identity; null: whoever is signed in on a developer's machine.</summary>
    public string? ClientId { get; private init; }

    /// <summary><c>ServiceBus__fullyQualifiedNamespace</c>: host name; the triggers read it too.</summary>
    public required string ServiceBusNamespace { get; init; }

    /// <summary><c>Azure__CosmosEndpoint</c>: customers and work.</summary>
    public required Uri CosmosEndpoint { get; init; }

    /// <summary><c>Azure__CosmosDatabase</c>; default <c>crm</c>.</summary>
    public required string CosmosDatabase { get; init; }

    /// <summary><c>Azure__TablesEndpoint</c>: stats.</summary>
    public required Uri TablesEndpoint { get; init; }

    /// <summary><c>Azure__SpillEndpoint</c>: tables of an account that does not share the bus's fate.</summary>
    public required Uri SpillEndpoint { get; init; }

    /// <summary><c>Azure__EventGridEndpoint</c>: the topic of notices.</summary>
    public required Uri EventGridEndpoint { get; init; }

    /// <summary><c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>; null: nothing is exported.</summary>
    public string? InsightsConnectionString { get; private init; }

    /// <summary>
    /// <c>WEBSITE_AUTH_ENABLED</c>, set by the platform. If it is off, anybody could write the header that names an operator.
    /// https://learn.microsoft.com/azure/app-service/reference-app-settings
    /// </summary>
    public bool SignIn { get; private init; }

    /// <summary><c>Accounts__{name}__...</c></summary>
    public required AccountBook Accounts { get; init; }

    /// <summary><c>Alerts__DefaultOwner</c></summary>
    public required AlertOptions Alerts { get; init; }

    /// <exception cref="SettingsException">Settings are missing or wrong: a sentence each, which names the key and never the value.</exception>
    public static AzureSettings Read(IConfiguration configuration)
    {
        var faults = new List<string>();

        string Text(string key, Regex form, string expected, string? standard = null)
        {
            var value = configuration[key.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } given ? given : standard;
            if (value is null) faults.Add($"{key}: missing; expected {expected}.");
            else if (!form.IsMatch(value)) faults.Add($"{key}: expected {expected}.");
            return value ?? "";
        }

        Uri Endpoint(string key, string example)
        {
            var value = configuration[key.Replace("__", ":", StringComparison.Ordinal)];
            if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps) return uri;
            faults.Add($"{key}: {(string.IsNullOrEmpty(value) ? "missing; " : "")}expected an address like {example}.");
            return new Uri("https://invalid");
        }

        foreach (var (key, value) in configuration.AsEnumerable())
            if (value?.StartsWith(VaultReference, StringComparison.Ordinal) == true)
                faults.Add($"{key.Replace(":", "__", StringComparison.Ordinal)}: the reference to Key Vault was not resolved; is the secret there, and has the app's identity the role Key Vault Secrets User?");
        var unresolved = faults.Count > 0;
        var (accounts, accountFaults) = AccountBook.Read(configuration.AsEnumerable());
        if (!unresolved) faults.AddRange(accountFaults);
        _ = Text("Azure__Topic", TopicForm(), $"{ServiceBusBus.Topic}, the topic that the triggers listen to", ServiceBusBus.Topic);
        var settings = new AzureSettings
        {
            ClientId = configuration["Azure:ClientId"] is { Length: > 0 } ? Text("Azure__ClientId", GuidForm(), "the client id of the app's identity, a GUID") : null,
            ServiceBusNamespace = Text("ServiceBus__fullyQualifiedNamespace", HostForm(), "a host name like crm.servicebus.windows.net"),
            CosmosEndpoint = Endpoint("Azure__CosmosEndpoint", "https://crm.documents.azure.com/"),
            CosmosDatabase = Text("Azure__CosmosDatabase", NameForm(), "the name of a database", "crm"),
            TablesEndpoint = Endpoint("Azure__TablesEndpoint", "https://crm.table.core.windows.net/"),
            SpillEndpoint = Endpoint("Azure__SpillEndpoint", "https://crmspill.table.core.windows.net/"),
            EventGridEndpoint = Endpoint("Azure__EventGridEndpoint", "https://crm.chinaeast2-1.eventgrid.azure.net/api/events"),
            InsightsConnectionString = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 } insights ? insights : null,
            SignIn = bool.TryParse(configuration["WEBSITE_AUTH_ENABLED"], out var signIn) && signIn,
            Accounts = accounts,
            Alerts = configuration["Alerts:DefaultOwner"] is { Length: > 0 } owner ? new AlertOptions(owner) : new AlertOptions(),
        };
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    [GeneratedRegex($@"\A{ServiceBusBus.Topic}\z")]
    private static partial Regex TopicForm();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex GuidForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+\z")]
    private static partial Regex HostForm();

    [GeneratedRegex(@"\A[^/\\#?]{1,255}\z")]
    private static partial Regex NameForm();
}
