using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CrmServerless.Load;

/// <summary>Connections that keep a server waiting, each in one of three ways, and come back when they are cut.</summary>
internal sealed class Dawdlers(Uri host, string account, int count) : IAsyncDisposable
{
    private const int BytesOfBody = 60 * 1024;
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(1);
    private static readonly byte[] OneByte = "x"u8.ToArray();

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<double> _lives = [];
    private readonly TaskCompletionSource _allCame = new();
    private Task[] _all = [];
    private int _open, _opened, _cut, _refused, _came;

    public int Open => Volatile.Read(ref _open);

    public int Opened => Volatile.Read(ref _opened);

    public int Cut => Volatile.Read(ref _cut);

    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Returns when each has been there once.</summary>
    public async Task Gather()
    {
        _all = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => Dawdle(i)))];
        await _allCame.Task;
    }

    /// <summary>How long those that were cut had lasted, in seconds.</summary>
    public string Lives()
    {
        lock (_lives) return Figures.Line(_lives, 50, 99);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await Task.WhenAll(_all);
    }

    private async Task Dawdle(int i)
    {
        var first = true;
        while (!_stopping.IsCancellationRequested)
        {
            // Many addresses: from one there are not as many ports as come and go in a minute.
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (i % 200))]), 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.Port), _stopping.Token);
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref _refused);
                await Pause();
                continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Interlocked.Increment(ref _opened);
            Interlocked.Increment(ref _open);
            if (first && Interlocked.Increment(ref _came) == count) _allCame.SetResult();
            first = false;
            var started = Stopwatch.GetTimestamp();
            await UntilCut(socket, i % 3);
            Interlocked.Decrement(ref _open);
            if (_stopping.IsCancellationRequested) return;
            Interlocked.Increment(ref _cut);
            lock (_lives) _lives.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private async Task UntilCut(Socket socket, int way)
    {
        try
        {
            if (way == 1) await Send(socket, Encoding.ASCII.GetBytes($"POST /api/wechat/{account} HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            if (way == 2)
            {
                await Send(socket, Encoding.ASCII.GetBytes($"POST /api/wechat/{account} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"));
                await Send(socket, new byte[BytesOfBody]);
            }

            var end = WaitForTheEnd(socket);
            while (!end.IsCompleted)
            {
                await Task.WhenAny(end, Task.Delay(Drip, _stopping.Token));
                if (_stopping.IsCancellationRequested) return;
                if (way > 0 && !end.IsCompleted) await Send(socket, OneByte);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Cut while sending.
        }
    }

    private async Task WaitForTheEnd(Socket socket)
    {
        var buffer = new byte[512];
        try
        {
            while (await socket.ReceiveAsync(buffer, _stopping.Token) > 0) { }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task Send(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), _stopping.Token);
    }

    private async Task Pause()
    {
        try
        {
            await Task.Delay(Drip, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }
}
