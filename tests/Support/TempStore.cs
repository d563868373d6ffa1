using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;

namespace CrmServerless.Tests.Support;

/// <summary>All collections in a file of one test's own.</summary>
public sealed class TempStore : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly SqliteDocuments documents;

    public TempStore() => documents = new SqliteDocuments(folder.File("crm.db"), Collections.All);

    public IDocuments Documents => documents;

    public void Dispose()
    {
        documents.Dispose();
        folder.Dispose();
    }
}
