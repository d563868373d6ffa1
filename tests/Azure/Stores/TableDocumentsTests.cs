using CrmServerless.Tests.Contracts;

namespace CrmServerless.Tests.Azure.Stores;

[Collection(TableTests.Name)]
[TestCaseOrderer(SkipWithoutTables.Name, SkipWhere.Assembly)]
public sealed class TableDocumentsTests(TableAccount account) : DocumentsContract
{
    [Fact(Skip = "Table storage lists rows upwards only; what is stored there is never read downwards.")]
    public override Task A_partition_is_listed_downwards() => Task.CompletedTask;

    protected override async Task<IDocumentsHarness> Open() => await account.Open();
}
