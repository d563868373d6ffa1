namespace CrmServerless.Tests.Local;

/// <summary>A folder of one test's own, deleted with all that is in it.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crm-");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 100)
            {
                // A host that is left in the middle of its work may still open a database, whose log is then a new file here.
                Task.Delay(attempt).Wait();
            }
        }
    }
}
