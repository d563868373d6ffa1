using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CrmServerless.Tests.WeChat;

/// <summary>An HTTP server of a few lines: whatever the runtime tells of itself is then told by the client.</summary>
internal sealed class NoSecretServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public NoSecretServer()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = Accept();
    }

    public int Port { get; }

    public Uri Uri => new($"http://127.0.0.1:{Port}/");

    /// <summary>Path and query of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Status, headers and body for an address; null: silence.</summary>
    public Func<string, (int Status, string Headers, string Body)?> Answer { get; set; } = _ => (404, "", "");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task Accept()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(Serve(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            while (await reader.ReadLineAsync(stop.Token) is { } first)
            {
                var length = 0;
                while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } header)
                    if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture);
                // A read of nothing would wait for the next request.
                if (length > 0) await reader.ReadBlockAsync(new char[length], stop.Token);
                var address = first.Split(' ')[1];
                Requests.Enqueue(address);
                if (Answer(address) is not var (status, headers, text)) await Task.Delay(Timeout.Infinite, stop.Token);
                else await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\n{headers}\r\n{text}"), stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone, or the test is over.
        }
    }
}
