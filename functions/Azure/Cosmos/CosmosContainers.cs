using System.Collections.ObjectModel;
using CrmServerless.Crm.Storage;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Azure.Cosmos;

/// <summary>The containers that <see cref="CosmosDocuments"/> expects; the deployment makes them, <c>infra/</c> says the same.</summary>
public static class CosmosContainers
{
    public const string PartitionKeyPath = "/pk";

    /// <summary>What is indexed, besides <c>id</c>, which always is; the partition key is not by itself. Everything else would only make writes dearer.</summary>
    public static IReadOnlyList<string> IncludedPaths { get; } = ["/pk/?", "/f/*"];

    public static IReadOnlyList<string> ExcludedPaths { get; } = ["/*"];

    /// <summary>The collections and their containers, where nothing else is said.</summary>
    public static IReadOnlyDictionary<string, string> Default { get; } = new ReadOnlyDictionary<string, string>(
        new Dictionary<string, string> { [Collections.Customers] = "customers", [Collections.Work] = "work" });

    /// <summary>A container as the deployment makes it; for tests.</summary>
    public static ContainerProperties Properties(string name)
    {
        var properties = new ContainerProperties(name, PartitionKeyPath);
        foreach (var path in IncludedPaths) properties.IndexingPolicy.IncludedPaths.Add(new IncludedPath { Path = path });
        foreach (var path in ExcludedPaths) properties.IndexingPolicy.ExcludedPaths.Add(new ExcludedPath { Path = path });
        return properties;
    }
}
