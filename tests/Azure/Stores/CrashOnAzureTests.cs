using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Pipeline;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>
/// What a process leaves behind in Cosmos DB and Table storage when it dies, and two processes on one customer: the same
/// tests as on a file. The bus stays SQLite's.
/// </summary>
[Collection(Name)]
[TestCaseOrderer(SkipWithoutTables.Name, SkipWhere.Assembly)]
public sealed class CrashEffectOnceOnAzureTests(CosmosAccount cosmos, TableAccount tables) : CrashEffectOnceTests
{
    public const string Name = "crashes on Azure's stores";

    protected override Task<World> Begin(params (string Kind, Rule Rule)[] rules) => AzureStores.Begin(cosmos, tables, rules);
}

[Collection(CrashEffectOnceOnAzureTests.Name)]
[TestCaseOrderer(SkipWithoutTables.Name, SkipWhere.Assembly)]
public sealed class CrashSendingOnceOnAzureTests(CosmosAccount cosmos, TableAccount tables) : CrashSendingOnceTests
{
    protected override Task<World> Begin(params (string Kind, Rule Rule)[] rules) => AzureStores.Begin(cosmos, tables, rules);
}

[Collection(CrashEffectOnceOnAzureTests.Name)]
[TestCaseOrderer(SkipWithoutTables.Name, SkipWhere.Assembly)]
public sealed class CrashOverlapOnAzureTests(CosmosAccount cosmos, TableAccount tables) : CrashOverlapTests
{
    protected override Task<World> Begin(params (string Kind, Rule Rule)[] rules) => AzureStores.Begin(cosmos, tables, rules);
}

/// <summary>Both emulators, for tests that need customers and stats.</summary>
[CollectionDefinition(CrashEffectOnceOnAzureTests.Name)]
public sealed class CrashesOnAzure : ICollectionFixture<CosmosAccount>, ICollectionFixture<TableAccount>;
