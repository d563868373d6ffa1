using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Tests.Azure.Hosting;
using Microsoft.Extensions.Configuration;

namespace CrmServerless.Tests.Infra;

/// <summary>What the deployment sets, what the sample shows and what the program reads are the same keys.</summary>
[Collection(InfraCollection.Name)]
public sealed partial class SettingsDriftTests(PredictionFixture predictions)
{
    private static readonly string[] Secrets = ["EncodingAesKey", "PreviousEncodingAesKey", "Secret", "Token"];

    // What the host and the adapters read besides the accounts.
    private static readonly string[] Expected =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "Alerts__DefaultOwner",
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri",
        "Azure__ClientId", "Azure__CosmosDatabase", "Azure__CosmosEndpoint", "Azure__EventGridEndpoint", "Azure__SpillEndpoint",
        "Azure__TablesEndpoint", "Azure__Topic",
        "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
        "ServiceBus__clientId", "ServiceBus__credential", "ServiceBus__fullyQualifiedNamespace",
    ];

    private static readonly IReadOnlyDictionary<string, string> Sample = JsonNode.Parse(Repository.Text("local.settings.sample.json"))!
        .At("Values").AsObject().ToDictionary(v => v.Key, v => v.Value!.GetValue<string>(), StringComparer.Ordinal);

    private static readonly HashSet<string> ReadByAdapters = Repository.Sources("Azure").SelectMany(s => Key().Matches(s).Select(k => k.Value)).ToHashSet(StringComparer.Ordinal);

    public static TheoryData<string> Parameters => new(PredictionFixture.Files);

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void The_app_has_the_settings_that_are_read_and_no_others(string stage)
    {
        var settings = predictions.By[stage].Settings().Keys.Where(k => !k.StartsWith("Accounts__", StringComparison.Ordinal));
        Assert.Equal(Expected.Order(StringComparer.Ordinal), settings.Order(StringComparer.Ordinal));
    }

    [CompositionFact]
    public void The_adapters_read_the_settings_that_are_expected_here()
    {
        var expected = Expected.Where(k => k.StartsWith("Azure__", StringComparison.Ordinal)).Append("ServiceBus__fullyQualifiedNamespace");
        Assert.Equal(expected.Order(StringComparer.Ordinal), ReadByAdapters.Order(StringComparer.Ordinal));
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void What_the_composition_is_tested_with_is_deployed(string stage)
    {
        // The platform sets this one.
        var read = AzureSettingsTests.Configuration().AsEnumerable().Where(s => s.Value is not null).Select(s => s.Key.Replace(":", "__", StringComparison.Ordinal)).Except(["WEBSITE_AUTH_ENABLED"]);
        Assert.Empty(read.Except(predictions.By[stage].Settings().Keys));
    }

    [BicepFact]
    public void Who_gets_an_alert_that_names_nobody_is_the_same_person_everywhere() =>
        Assert.All(predictions.By.Values, p => Assert.Equal(new AlertOptions().DefaultOwner, p.Settings()["Alerts__DefaultOwner"]));

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Whatever_the_sample_shows_is_set_in_Azure_too(string stage)
    {
        // Flex Consumption refuses FUNCTIONS_WORKER_RUNTIME; the runtime of the app says it.
        Assert.Equal("dotnet-isolated", Sample["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Equal("dotnet-isolated", predictions.By[stage].One("Microsoft.Web/sites").At("properties", "functionAppConfig", "runtime").Text("name"));
        Assert.Empty(Sample.Keys.Except(predictions.By[stage].Settings().Keys).Except(["FUNCTIONS_WORKER_RUNTIME"]));
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Secrets_of_accounts_are_references_to_Key_Vault(string stage)
    {
        var settings = predictions.By[stage].Settings();
        foreach (var (name, value) in settings.Where(s => Secrets.Contains(s.Key.Split("__")[^1], StringComparer.Ordinal)))
            Assert.Equal($"@Microsoft.KeyVault(SecretUri={{0}}secrets/Accounts--{{1}}--{name.Split("__")[2]})", value[(value.IndexOf('\'', StringComparison.Ordinal) + 1)..]);
        Assert.Equal(3, settings.Keys.Count(s => s.StartsWith("Accounts__main__", StringComparison.Ordinal) && Secrets.Contains(s.Split("__")[2], StringComparer.Ordinal)));
        // The sample's are known to everybody.
        foreach (var (name, secret) in Sample.Where(s => Secrets.Contains(s.Key.Split("__")[^1], StringComparer.Ordinal)))
            Assert.DoesNotContain(predictions.By[stage].Resources, r => r.ToJsonString().Contains(secret, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Every_property_of_an_account_can_be_deployed_and_every_one_that_is_deployed_is_known()
    {
        await File.WriteAllTextAsync(Path.Combine(Bicep.Folder, "full.bicepparam"), """
            using 'main.bicep'
            param name = 'crm'
            param stage = 'dev'
            param operatorAppId = '00000000-0000-0000-0000-000000000000'
            param accounts = [
              {
                name: 'main'
                kind: 'WeCom'
                appId: 'ww0123456789abcdef'
                originalId: 'gh_1'
                agentId: '1000002'
                mode: 'Safe'
                reply: 'Api'
                location: 'Keep'
                previousKey: true
              }
            ]
            """);
        var settings = (await Bicep.Predict("full.bicepparam")).Settings();
        var deployed = settings.Keys.Where(k => k.StartsWith("Accounts__main__", StringComparison.Ordinal)).Select(k => k.Split("__")[2]);
        Assert.Equal(Known().Order(StringComparer.Ordinal), deployed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_choice_of_the_parameters_is_one_of_the_program()
    {
        var types = Repository.Text("infra", "types.bicep");
        Assert.Contains(Choice<AccountKind>("kind", ""), types, StringComparison.Ordinal);
        Assert.Contains(Choice<CallbackMode>("mode", "?"), types, StringComparison.Ordinal);
        Assert.Contains(Choice<ReplyWay>("reply", "?"), types, StringComparison.Ordinal);
        Assert.Contains(Choice<LocationPolicy>("location", "?"), types, StringComparison.Ordinal);
    }

    private static string Choice<T>(string name, string optional) where T : struct, Enum =>
        $"  {name}: {string.Join(" | ", Enum.GetNames<T>().Select(n => $"'{n}'"))}{optional}\n";

    // The book names what it knows when it meets what it does not.
    private static string[] Known()
    {
        var (_, faults) = AccountBook.Read([new("Accounts:main:Nonsense", "1")]);
        var fault = faults.First(f => f.Contains("known are ", StringComparison.Ordinal));
        return fault[(fault.IndexOf("known are ", StringComparison.Ordinal) + 10)..].TrimEnd('.').Split(", ");
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CompositionFactAttribute : FactAttribute
    {
        public CompositionFactAttribute() => Skip = ReadByAdapters.Count > 0 ? null : "functions/Azure reads no settings yet.";
    }

    [GeneratedRegex(@"(?<=[""\s>])(Azure|ServiceBus)__\w+")]
    private static partial Regex Key();
}
