using Azure.Identity;
using CrmServerless.Azure.Cosmos;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Contracts;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>
/// The account that all Cosmos DB tests share: the emulator; or, where <c>COSMOS_ENDPOINT</c> is set, that account, as
/// whoever is logged in, in a database <c>crm-tests</c> with the containers made as <c>infra/</c> makes them.
/// The tests empty these.
/// </summary>
public sealed class CosmosAccount : IAsyncLifetime, IDisposable
{
    // The emulator's own key, the same for everybody: https://learn.microsoft.com/azure/cosmos-db/emulator
    private const string Key = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";
    private const string DatabaseName = "crm-tests";

    private Emulators.Running? emulator;
    private CosmosClient? client;
    private int opened;

    /// <summary>The real account to test against, or null.</summary>
    public static string? RealEndpoint { get; } = new ConfigurationBuilder().AddEnvironmentVariables().Build()["COSMOS_ENDPOINT"];

    public Database Database { get; private set; } = null!;

    /// <summary>What stands between the SDK and the emulator.</summary>
    public EmulatorNetwork Network { get; } = new();

    public async Task InitializeAsync()
    {
        if (RealEndpoint is { } endpoint)
        {
            client = new CosmosClient(endpoint, new DefaultAzureCredential());
            Database = client.GetDatabase(DatabaseName);
            return;
        }

        if (Emulators.WhyNot is not null) return;
        emulator = await Emulators.Start("cosmos");
        client = new CosmosClient($"https://127.0.0.1:{emulator.Port}/", Key, new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true, MaxRetryAttemptsOnRateLimitedRequests = 0,
            HttpClientFactory = () => new HttpClient(Network, disposeHandler: false),
        });
        Database = await client.CreateDatabaseAsync(DatabaseName);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        client?.Dispose();
        emulator?.Dispose();
        Network.Dispose();
    }

    /// <summary>Containers of a test's own; of a real account those there are, emptied.</summary>
    public async Task<CosmosHarness> Open()
    {
        var own = RealEndpoint is null;
        var suffix = own ? $"{Interlocked.Increment(ref opened)}" : "";
        var harness = new CosmosHarness(Database, CosmosContainers.Default.ToDictionary(c => c.Key, c => c.Value + suffix), own);
        if (own) await harness.Create();
        else await harness.Empty();
        return harness;
    }
}

public sealed class CosmosHarness(Database database, IReadOnlyDictionary<string, string> names, bool own) : IDocumentsHarness
{
    public IDocuments Documents { get; } = new CosmosDocuments(database, names);

    public string Collection => Collections.Customers;

    public async Task Create()
    {
        foreach (var name in names.Values) await database.CreateContainerAsync(CosmosContainers.Properties(name));
    }

    public async Task Empty()
    {
        foreach (var (collection, name) in names)
        {
            using var items = database.GetContainer(name).GetItemQueryIterator<Dictionary<string, string>>("SELECT DISTINCT c.pk FROM c");
            while (items.HasMoreResults)
            {
                foreach (var item in await items.ReadNextAsync()) await Documents.DeletePartition(collection, item["pk"], default);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!own) await Empty();
        else foreach (var name in names.Values) await database.GetContainer(name).DeleteContainerAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class CosmosTests : ICollectionFixture<CosmosAccount>
{
    public const string Name = "cosmos";
}
