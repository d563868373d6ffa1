using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CrmServerless.Load;

/// <summary>
/// One keep-alive HTTP/1.1 connection with blocking calls: an exchange is one send and one receive, with no thread pool
/// between. It reads what a web server answers to a callback, and no more of HTTP.
/// </summary>
internal sealed class Connection(Uri host) : IDisposable
{
    /// <summary>After 5 seconds WeChat hangs up and sends again.</summary>
    private const int WeChatWaitsMs = 5000;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;

    /// <summary>Whether the body of the last answer was the word that WeChat waits for.</summary>
    public bool SaidSuccess { get; private set; }

    /// <summary>The status of the answer; 0 if there was none, or none within WeChat's patience.</summary>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        try
        {
            _socket ??= Open(host);
            for (var sent = 0; sent < request.Length;)
                sent += _socket.Send(request[sent..]);
            var (status, keep) = Receive(_socket);
            if (!keep)
                Dispose();
            return status;
        }
        catch (SocketException)
        {
            Dispose();
            return 0;
        }
    }

    private static Socket Open(Uri host)
    {
        var address = IPAddress.TryParse(host.Host, out var ip) ? ip : Dns.GetHostAddresses(host.Host)[0];
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendTimeout = WeChatWaitsMs,
            ReceiveTimeout = WeChatWaitsMs,
        };
        try
        {
            socket.Connect(new IPEndPoint(address, host.Port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private (int Status, bool Keep) Receive(Socket socket)
    {
        for (var length = 0; length < _buffer.Length;)
        {
            var read = socket.Receive(_buffer.AsSpan(length));
            if (read == 0)
                break;
            length += read;
            ReadOnlySpan<byte> answer = _buffer.AsSpan(0, length);
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            var head = answer[..end];
            if (!IsWhole(head, body: answer[(end + 4)..]))
                continue;
            SaidSuccess = answer[(end + 4)..].IndexOf("success"u8) >= 0;
            var status = int.Parse(head.Slice("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
            return (status, Header(head, "Connection"u8) is not [(byte)'c' or (byte)'C', ..]);
        }
        return (0, false);
    }

    private static bool IsWhole(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) =>
        Header(head, "Content-Length"u8) is { Length: > 0 } length
            ? body.Length >= int.Parse(length, CultureInfo.InvariantCulture)
            : body.EndsWith("0\r\n\r\n"u8); // the last chunk

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return line[(name.Length + 1)..].Trim((byte)' ');
        }
        return default;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
