using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Infra;

/// <summary>Each collection has one place, and the places are as the adapters expect them.</summary>
[Collection(InfraCollection.Name)]
public sealed class StorageDriftTests(PredictionFixture predictions)
{
    private const string Container = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers";
    private const string Table = "Microsoft.Storage/storageAccounts/tableServices/tables";

    public static TheoryData<string> Parameters => new(PredictionFixture.Files);

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Every_collection_is_a_container_or_a_table(string stage)
    {
        var predicted = predictions.By[stage];
        Assert.Equal([Collections.Customers, Collections.Work], predicted.Of(Container).Select(c => c.Leaf()));
        Assert.Equal([Collections.Stats, Collections.Spill], predicted.Of(Table).Select(t => t.Leaf()));
        Assert.Equal(Collections.All.Count, predicted.Of(Container).Count + predicted.Of(Table).Count);
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void The_spill_shares_no_account_with_anything(string stage)
    {
        var spill = predictions.By[stage].Of(Table).Single(t => t.Leaf() == Collections.Spill).Text("name").Split('/')[0];
        var others = predictions.By[stage].Resources.Where(r => r.Text("type").StartsWith("Microsoft.Storage/", StringComparison.Ordinal) && r.Leaf() != Collections.Spill);
        Assert.DoesNotContain(others, r => r.Text("name").StartsWith($"{spill}/", StringComparison.Ordinal) && r.Leaf() != "default");
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Only_the_fields_are_indexed(string stage)
    {
        Assert.Equal("crm", predictions.By[stage].One("Microsoft.DocumentDB/databaseAccounts/sqlDatabases").Leaf());
        Assert.All(predictions.By[stage].Of(Container), c =>
        {
            var resource = c.At("properties", "resource");
            Assert.Equal("""["/pk"]""", resource.At("partitionKey", "paths").ToJsonString());
            Assert.Equal("""[{"path":"/pk/?"},{"path":"/f/*"}]""", resource.At("indexingPolicy", "includedPaths").ToJsonString());
            Assert.Equal("""[{"path":"/*"}]""", resource.At("indexingPolicy", "excludedPaths").ToJsonString());
            Assert.Equal(c.Leaf() == Collections.Work, resource["defaultTtl"]?.GetValue<int>() == -1);
        });
    }
}
