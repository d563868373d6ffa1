using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Contracts;

namespace CrmServerless.Tests.Local;

public sealed class SqliteDocumentsTests : DocumentsContract
{
    protected override Task<IDocumentsHarness> Open() => Task.FromResult<IDocumentsHarness>(new Harness());

    private sealed class Harness : IDocumentsHarness
    {
        private readonly TempFolder _folder = new();
        private readonly SqliteDocuments _documents;

        public Harness() => _documents = new SqliteDocuments(_folder.File("crm.db"), [Collections.Customers, Collections.Work]);

        public IDocuments Documents => _documents;

        public string Collection => Collections.Customers;

        public ValueTask DisposeAsync()
        {
            _documents.Dispose();
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
