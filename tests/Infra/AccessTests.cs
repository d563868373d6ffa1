using System.Text.Json.Nodes;
using CrmServerless.Crm.Api;

namespace CrmServerless.Tests.Infra;

/// <summary>The app may do what it needs and nothing else, as itself; no key opens anything.</summary>
[Collection(InfraCollection.Name)]
public sealed class AccessTests(PredictionFixture predictions)
{
    // Scope and role, the whole list. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    private static readonly (string Scope, string Role)[] Granted =
    [
        ("Microsoft.DocumentDB/databaseAccounts/dbs crm", "00000000-0000-0000-0000-000000000002"), // Cosmos DB Built-in Data Contributor
        ("Microsoft.EventGrid/topics", "d5a91429-5739-47e2-a06b-3470a27159e7"), // EventGrid Data Sender
        ("Microsoft.Insights/components", "3913510d-42f4-4e42-8a64-420c390055eb"), // Monitoring Metrics Publisher
        ("Microsoft.KeyVault/vaults", "4633458b-17de-408a-b874-0445c86b69e6"), // Key Vault Secrets User
        ("Microsoft.ServiceBus/namespaces", "acdd72a7-3385-48ef-bd42-f606fba81ae7"), // Reader
        ("Microsoft.ServiceBus/namespaces/topics crm", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"), // Azure Service Bus Data Receiver
        ("Microsoft.ServiceBus/namespaces/topics crm", "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"), // Azure Service Bus Data Sender
        ("Microsoft.Storage/storageAccounts", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"), // Storage Table Data Contributor: stats
        ("Microsoft.Storage/storageAccounts", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"), // Storage Table Data Contributor: spill
        ("Microsoft.Storage/storageAccounts", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"), // Storage Blob Data Owner
    ];

    public static TheoryData<string> Parameters => new(PredictionFixture.Files);

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void The_rights_are_these_and_no_others(string stage)
    {
        var roles = predictions.By[stage].Resources.Where(r => r.Text("type").Contains("role", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.Equal(Granted, roles.Select(r => (Scope(r), r.At("properties").Text("roleDefinitionId").Split('/')[^1])).Order());
        Assert.All(roles, r => Assert.Contains("Microsoft.ManagedIdentity/userAssignedIdentities/crm-", r.At("properties").Text("principalId"), StringComparison.Ordinal));
    }

    [Fact]
    public void They_are_all_in_one_file()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Path("infra"), "*.bicep"))
            Assert.Equal(Path.GetFileName(file) == "access.bicep", File.ReadAllText(file).Contains("oleAssignments@", StringComparison.Ordinal));
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void No_key_and_no_password_opens_anything(string stage)
    {
        var predicted = predictions.By[stage];
        string[] keyed = ["Microsoft.ServiceBus/namespaces", "Microsoft.EventGrid/topics", "Microsoft.DocumentDB/databaseAccounts"];
        Assert.All(keyed, type => Assert.True(predicted.One(type).At("properties", "disableLocalAuth").GetValue<bool>()));
        Assert.True(predicted.One("Microsoft.Insights/components").At("properties", "DisableLocalAuth").GetValue<bool>());
        Assert.All(predicted.Of("Microsoft.Storage/storageAccounts"), s =>
        {
            Assert.False(s.At("properties", "allowSharedKeyAccess").GetValue<bool>());
            Assert.False(s.At("properties", "allowBlobPublicAccess").GetValue<bool>());
        });
        var doors = predicted.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(["ftp", "scm"], doors.Select(d => d.Leaf()));
        Assert.All(doors, d => Assert.False(d.At("properties", "allow").GetValue<bool>()));
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Sign_in_is_on_and_lets_WeChat_through(string stage)
    {
        var signIn = predictions.By[stage].One("Microsoft.Web/sites/config").At("properties");
        // Off, the platform would hand a forged X-MS-CLIENT-PRINCIPAL to the app.
        Assert.True(signIn.At("platform", "enabled").GetValue<bool>());
        Assert.Equal("AllowAnonymous", signIn.At("globalValidation").Text("unauthenticatedClientAction"));
        Assert.True(predictions.By[stage].One("Microsoft.Web/sites").At("properties", "httpsOnly").GetValue<bool>());
    }

    [Fact]
    public void No_module_asks_for_a_key_or_holds_a_secret()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Path("infra"), "*.bicep*"))
        {
            var text = File.ReadAllText(file);
            string[] never = ["listKeys", "list(", "@secure", "AccountKey", "SharedAccessKey", "primaryKey", "connectionStrings"];
            Assert.All(never, word => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void The_roles_of_people_are_those_of_the_program()
    {
        var roles = JsonNode.Parse(Repository.Text("infra", "operator-roles.json"))!.AsArray();
        Assert.Equal(Enum.GetNames<Role>(), roles.Select(r => r!.Text("value")));
        Assert.Equal(roles.Count, roles.Select(r => Guid.Parse(r!.Text("id"))).Distinct().Count());
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void The_outputs_are_four_names(string stage) =>
        Assert.Equal(["appName", "callbackUrl", "outboundAddress", "vaultName"], JsonNode.Parse(predictions.By[stage].Outputs)!.AsObject().Select(o => o.Key).Order(StringComparer.Ordinal));

    // The type of the resource that a right is on, and its name where that does not differ from deployment to deployment.
    private static string Scope(JsonNode role)
    {
        var id = role.At("properties")["scope"]?.GetValue<string>() ?? role.Text("id").Split("/providers/Microsoft.Authorization/")[0];
        var parts = id.Split("/providers/")[1].Split('/');
        var type = string.Join('/', parts.Where((_, i) => i == 0 || i % 2 == 1));
        return parts.Length > 3 ? $"{type} {parts[^1]}" : type;
    }
}
