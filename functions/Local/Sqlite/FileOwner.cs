namespace CrmServerless.Local.Sqlite;

/// <summary>Keeps a second host away from a broker's file: leases live in the memory of its one owner.</summary>
internal sealed class FileOwner : IDisposable
{
    private readonly FileStream _held;

    /// <exception cref="FileOwnedException">Another host, in this process or another, owns the file.</exception>
    public FileOwner(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        try
        {
            _held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new FileOwnedException(
                $"The folder {folder} is in use by another host. Stop it, or give this one a folder of its own.", e);
        }
    }

    // The lock file stays: deleting it would race with the next owner.
    public void Dispose() => _held.Dispose();
}

/// <summary>Another host owns the broker's file.</summary>
public sealed class FileOwnedException : InvalidOperationException
{
    public FileOwnedException() { }

    public FileOwnedException(string message) : base(message) { }

    public FileOwnedException(string message, Exception inner) : base(message, inner) { }
}
