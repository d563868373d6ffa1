using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Sqlite;

/// <summary>Keeps a second host away from a broker's file: leases live in the memory of its one owner.</summary>
internal sealed class FileOwner : IDisposable
{
    private readonly FileStream _held;

    /// <exception cref="TransientException">The lock cannot be had for another reason: a full disk, no descriptor left.</exception>
    /// <exception cref="FileOwnedException">Another host, in this process or another, owns the file.</exception>
    public FileOwner(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        try
        {
            _held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new FileOwnedException(
                $"The folder {folder} is in use by another host. Stop it, or give this one a folder of its own.", e);
        }
        catch (IOException e)
        {
            throw new TransientException(e.Message, e);
        }
    }

    // .NET has one exception for all that may go wrong with a file: also a full disk and no descriptor left would be
    // "in use". The codes of the system: EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeld(IOException fault) => (fault.HResult & 0xffff) is 11 or 35 or 32;

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
