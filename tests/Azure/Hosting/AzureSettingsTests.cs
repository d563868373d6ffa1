using CrmServerless.Azure.Hosting;
using Microsoft.Extensions.Configuration;

namespace CrmServerless.Tests.Azure.Hosting;

/// <summary>The app's settings: what is needed, what is refused, and that a refusal names the key and no value.</summary>
public sealed class AzureSettingsTests
{
    [Fact]
    public void The_settings_of_the_deployment_are_read()
    {
        var settings = AzureSettings.Read(Configuration());
        Assert.Equal("crm.servicebus.windows.net", settings.ServiceBusNamespace);
        Assert.Equal(("https://crm.documents.azure.com/", "crm"), (settings.CosmosEndpoint.AbsoluteUri, settings.CosmosDatabase));
        Assert.Equal("https://crmspill.table.core.windows.net/", settings.SpillEndpoint.AbsoluteUri);
        Assert.Equal("main", Assert.Single(settings.Accounts.All).Name);
        Assert.Equal("王店长", settings.Alerts.DefaultOwner);
        Assert.True(settings.SignIn);
    }

    [Theory]
    [InlineData("Azure__ClientId")]
    [InlineData("Azure__Topic")]
    [InlineData("Azure__CosmosDatabase")]
    [InlineData("Alerts__DefaultOwner")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING")]
    [InlineData("WEBSITE_AUTH_ENABLED")]
    public void Some_may_be_left_out(string key) => AzureSettings.Read(Configuration((key, null)));

    [Fact]
    public void Without_the_platforms_word_nobody_is_an_operator() => Assert.False(AzureSettings.Read(Configuration(("WEBSITE_AUTH_ENABLED", null))).SignIn);

    [Theory]
    [InlineData("ServiceBus__fullyQualifiedNamespace", null)]
    [InlineData("ServiceBus__fullyQualifiedNamespace", "sb://crm.servicebus.windows.net")]
    [InlineData("ServiceBus__fullyQualifiedNamespace", "Endpoint=sb://crm/;SharedAccessKey=xyzzy")]
    [InlineData("Azure__ClientId", "xyzzy")]
    [InlineData("Azure__Topic", "xyzzy")]
    [InlineData("Azure__CosmosEndpoint", null)]
    [InlineData("Azure__CosmosEndpoint", "http://crm.documents.azure.com/")]
    [InlineData("Azure__CosmosEndpoint", "AccountEndpoint=https://crm/;AccountKey=xyzzy")]
    [InlineData("Azure__CosmosDatabase", "a/b")]
    [InlineData("Azure__TablesEndpoint", null)]
    [InlineData("Azure__TablesEndpoint", "xyzzy")]
    [InlineData("Azure__SpillEndpoint", null)]
    [InlineData("Azure__EventGridEndpoint", "xyzzy")]
    [InlineData("Accounts__main__Token", null)]
    [InlineData("Accounts__main__Token", "@Microsoft.KeyVault(SecretUri=https://xyzzy)")]
    [InlineData("Accounts__main__Secret", "@Microsoft.KeyVault(SecretUri=https://xyzzy)")]
    public void A_faulty_setting_is_one_sentence_that_names_it(string key, string? value)
    {
        var refused = Assert.Throws<SettingsException>(() => AzureSettings.Read(Configuration((key, value))));
        var fault = Assert.Single(refused.Faults);
        Assert.StartsWith(key + ": ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("xyzzy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var refused = Assert.Throws<SettingsException>(() => AzureSettings.Read(new ConfigurationBuilder().Build()));
        Assert.Equal(6, refused.Faults.Count);
    }

    /// <summary>As Azure gives them: environment variables, whose double underscores are levels.</summary>
    internal static IConfiguration Configuration(params (string Key, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>
        {
            ["Azure__ClientId"] = "00000000-0000-0000-0000-000000000001", ["Azure__Topic"] = "crm",
            ["Azure__CosmosEndpoint"] = "https://crm.documents.azure.com/", ["Azure__CosmosDatabase"] = "crm",
            ["Azure__TablesEndpoint"] = "https://crm.table.core.windows.net/", ["Azure__SpillEndpoint"] = "https://crmspill.table.core.windows.net/",
            ["Azure__EventGridEndpoint"] = "https://crm.chinaeast2-1.eventgrid.azure.net/api/events",
            ["ServiceBus__fullyQualifiedNamespace"] = "crm.servicebus.windows.net",
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "InstrumentationKey=00000000-0000-0000-0000-000000000002;IngestionEndpoint=https://127.0.0.1:1/",
            ["Accounts__main__Kind"] = "OfficialAccount", ["Accounts__main__AppId"] = "wxba5fad812f8e6fb9", ["Accounts__main__Token"] = "QingHeTea2026",
            ["Accounts__main__EncodingAesKey"] = "QingHeTeaShopSampleKeyDoNotUseInProduction1", ["Accounts__main__Secret"] = "secret",
            ["Alerts__DefaultOwner"] = "王店长", ["WEBSITE_AUTH_ENABLED"] = "True",
        };
        foreach (var (key, value) in changes) values[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(
            values.Where(v => v.Value is not null).Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), v.Value))).Build();
    }
}
