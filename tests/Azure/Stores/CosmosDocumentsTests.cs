using CrmServerless.Tests.Contracts;

namespace CrmServerless.Tests.Azure.Stores;

[Collection(CosmosTests.Name)]
[TestCaseOrderer(SkipWithoutCosmos.Name, SkipWhere.Assembly)]
public sealed class CosmosDocumentsTests(CosmosAccount account) : DocumentsContract
{
    protected override async Task<IDocumentsHarness> Open() => await account.Open();
}
