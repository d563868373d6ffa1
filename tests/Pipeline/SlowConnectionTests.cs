using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Pipeline;

/// <summary>Bodies as only a socket can send them, to the real server.</summary>
public sealed class SlowConnectionTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));
    private readonly Fuzz.LogPages log = new();
    private TestHost host = null!;

    public async Task InitializeAsync() =>
        host = await TestHost.Start(folder.File("data"), clock, services => services.AddLogging(logging => logging.AddProvider(log)));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [SuppressMessage("Usage", "CA1816", Justification = "No finalizer")]
    public void Dispose()
    {
        folder.Dispose();
        log.Dispose();
    }

    [Fact]
    public async Task A_body_that_stops_is_cut_after_five_seconds()
    {
        using var caller = await Connect("POST /api/wechat/main HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nSECRET-CONTENT");
        await Waiting(1);
        clock.Advance(TimeSpan.FromSeconds(5));
        var answer = await ToTheEnd(caller);
        // The refusal may be lost: a connection that is cut does not wait for who is so slow.
        Assert.True(answer.Length == 0 || (answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal) && answer.EndsWith("\r\n\r\nrefused", StringComparison.Ordinal)), answer);
        Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
        Assert.Equal(0, host.Get<UnfinishedBodies>().Count);
        Assert.Empty(Logged);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nZZZZ\r\nSECRET-CONTENT", "400")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nSECRET-CONTENT", "400")]
    [InlineData("Content-Length: 99999999999\r\n\r\nSECRET-CONTENT", "413")]
    [InlineData("Content-Length: 4\r\n\r\nSECRET-CONTENT", "400")] // less than is sent
    public async Task A_length_that_lies_is_refused(string rest, string status)
    {
        using var caller = await Connect($"POST /api/wechat/main?nonce=SECRET HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{rest}");
        var answer = await Head(caller);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
        Assert.Empty(Logged);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_in_the_middle_leaves_nothing_behind()
    {
        using (await Connect("POST /api/wechat/main HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nSECRET-CONTENT")) await Waiting(1);
        await Waiting(0);
        using var response = await host.Deliver(Xml.Text(TestHost.NewOpenId(), "茶", TestHost.NewMsgId(), host.Now));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(Logged);
    }

    [Fact]
    public async Task Callbacks_go_on_while_others_are_slow()
    {
        var slow = new List<TcpClient>();
        for (var n = 0; n < 100; n++) slow.Add(await Connect("POST /api/wechat/main HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n<xml>"));
        await Waiting(100);
        await host.Accept(Xml.Text(TestHost.NewOpenId(), "茶", TestHost.NewMsgId(), host.Now));
        clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var caller in slow)
        {
            await ToTheEnd(caller);
            caller.Dispose();
        }

        Assert.Equal(0, host.Get<UnfinishedBodies>().Count);
    }

    // Not that the machine is busy, of which Kestrel complains as well.
    private IEnumerable<string> Logged => log.Lines.Where(line => !line.Contains("the heartbeat has been running", StringComparison.Ordinal));

    private async Task<TcpClient> Connect(string request)
    {
        var caller = new TcpClient();
        await caller.ConnectAsync(host.Http.BaseAddress!.Host, host.Http.BaseAddress.Port);
        await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return caller;
    }

    private async Task Waiting(int count)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (host.Get<UnfinishedBodies>().Count != count) await Task.Delay(1, limit.Token);
    }

    private static async Task<string> ToTheEnd(TcpClient caller)
    {
        var (answer, buffer) = (new StringBuilder(), new byte[1024]);
        try
        {
            while (await caller.GetStream().ReadAsync(buffer).AsTask().InTime() is var read and > 0) answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Cut.
        }

        return answer.ToString();
    }

    private static async Task<string> Head(TcpClient caller)
    {
        using var reader = new StreamReader(caller.GetStream(), Encoding.ASCII, leaveOpen: true);
        return (await reader.ReadLineAsync().InTime())!;
    }
}
