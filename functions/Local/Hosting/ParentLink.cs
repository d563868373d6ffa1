using System.IO.Pipes;

namespace CrmServerless.Local.Hosting;

/// <summary>The host's end of the pipes to its parent: asks for a power cut, and stops when the parent is gone.</summary>
public sealed class ParentLink : IDisposable
{
    private readonly AnonymousPipeClientStream alive;
    private readonly StreamWriter orders;

    public ParentLink(string handles)
    {
        var parts = handles.Split(',');
        alive = new AnonymousPipeClientStream(PipeDirection.In, parts[0]);
        orders = new StreamWriter(new AnonymousPipeClientStream(PipeDirection.Out, parts[1])) { AutoFlush = true };
    }

    /// <summary>Stops the host when its parent dies: else it would keep the port and the terminal would not know.</summary>
    public void WatchOver(IHostApplicationLifetime lifetime) => _ = Task.Run(async () =>
    {
        var buffer = new byte[1];
        if (await alive.ReadAsync(buffer) == 0) lifetime.StopApplication();
    });

    public Task AskForPowerCut(Uri address) => orders.WriteLineAsync(address.ToString());

    public void Dispose()
    {
        alive.Dispose();
        orders.Dispose();
    }
}
