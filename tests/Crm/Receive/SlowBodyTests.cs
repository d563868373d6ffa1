using System.IO.Pipelines;
using System.Text;
using CrmServerless.Crm.Receive;
using CrmServerless.Fuzz;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Crypto;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>A body that does not come is cut after five seconds, holds no thread until then, and little memory.</summary>
public sealed class SlowBodyTests : IAsyncDisposable
{
    private const string Cut = "408\nConnection: close\nContent-Length: 7\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n\nrefused";

    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly Door door;

    public SlowBodyTests() => door = new Door(clock, receive: new ReceiveOptions { UnfinishedBytes = 100_000 });

    public ValueTask DisposeAsync() => door.DisposeAsync();

    [Fact]
    public async Task A_body_that_stops_is_cut_after_five_seconds()
    {
        var call = new Trickle(door);
        await call.Add(100);
        clock.Advance(TimeSpan.FromSeconds(4.99));
        Assert.False(call.Answer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.01));
        Assert.Equal(Cut, (await call.Answer.InTime()).Look());
        Assert.Equal(0, door.Unfinished.Count);
    }

    [Fact]
    public async Task So_is_one_that_never_starts_and_one_that_drips()
    {
        var (silent, drips) = (new Trickle(door), new Trickle(door));
        for (var second = 0; second < 5; second++)
        {
            await drips.Add(1);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Cut, (await silent.Answer.InTime()).Look());
        Assert.Equal(Cut, (await drips.Answer.InTime()).Look());
    }

    [Fact]
    public async Task A_genuine_body_may_take_its_four_seconds()
    {
        var payload = Xml.Text(Some.OpenId, "慢", 1, Some.Now);
        var call = Trickle.Of(door, payload);
        clock.Advance(TimeSpan.FromSeconds(4));
        await call.Finish();
        var answer = await call.Answer.InTime();
        Assert.Equal((200, payload), (answer.Status, answer.Received().Payload));
        clock.Advance(TimeSpan.FromSeconds(10)); // the timer is gone
        Assert.Equal(0, door.Unfinished.Count);
    }

    [Fact]
    public async Task A_thousand_waiting_calls_hold_no_thread()
    {
        // Were one to wait on a thread, this loop would not come to the next.
        var calls = Enumerable.Range(0, 1000).Select(_ => new Trickle(door)).ToList();
        Assert.Equal(1000, door.Unfinished.Count);
        Assert.All(calls, c => Assert.False(c.Answer.IsCompleted));
        Assert.Equal(200, (await door.Seal(Xml.Text(Some.OpenId, "快", 1, Some.Now))).Status);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(calls.Select(c => c.Answer)).InTime(), o => Assert.Equal(408, o.Status));
    }

    [Fact]
    public async Task Beyond_the_common_memory_the_one_that_waits_longest_is_cut()
    {
        var calls = new List<Trickle>();
        for (var n = 0; n < 10; n++)
        {
            calls.Add(new Trickle(door));
            await calls[n].Add(10_000);
        }

        Assert.All(calls, c => Assert.False(c.Answer.IsCompleted)); // 100,000 bytes are allowed
        var genuine = Trickle.Of(door, Xml.Text(Some.OpenId, "中", 1, Some.Now));
        Assert.Equal(Cut, (await calls[0].Answer.InTime()).Look());
        Assert.All(calls[1..], c => Assert.False(c.Answer.IsCompleted));
        await genuine.Finish();
        Assert.Equal(200, (await genuine.Answer.InTime()).Status);
    }

    [Fact]
    public async Task What_was_there_from_the_start_counts_too()
    {
        var calls = Enumerable.Range(0, 11).Select(_ => new Trickle(door, 10_000)).ToList();
        Assert.Equal(Cut, (await calls[0].Answer.InTime()).Look());
        Assert.All(calls[1..], c => Assert.False(c.Answer.IsCompleted));
    }

    [Fact]
    public async Task One_that_grows_too_large_is_refused_before_it_ends()
    {
        await using var roomy = new Door(clock);
        var call = new Trickle(roomy);
        for (var n = 0; n < 14; n++) await call.Add(10_000);
        Assert.Equal(413, (await call.Answer.InTime()).Status);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_is_no_fault_of_ours()
    {
        var before = door.Log.Lines.Count;
        var call = new Trickle(door);
        await call.HangUp();
        Assert.Equal(400, (await call.Answer.InTime()).Status);
        Assert.Equal(0, door.Unfinished.Count);
        Assert.Equal(before, door.Log.Lines.Count);
    }

    /// <summary>A call whose body comes as it is told to.</summary>
    private sealed class Trickle
    {
        private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0, readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        private readonly byte[] rest;

        public Trickle(Door door, int already = 0) : this(door, "", [], already) { }

        private Trickle(Door door, string query, byte[] rest, int already = 0)
        {
            this.rest = rest;
            if (already > 0) pipe.Writer.WriteAsync(new byte[already]).AsTask().Wait();
            Answer = door.Send(query, pipe.Reader.AsStream());
        }

        public Task<Outcome> Answer { get; }

        /// <summary>A genuine one, of which half is there.</summary>
        public static Trickle Of(Door door, string payload)
        {
            var target = Targets.Find("safe");
            var encrypt = MessageCipher.Encrypt(target.Account.EncodingAesKey, payload, target.Account.ReceiveId);
            var body = Encoding.UTF8.GetBytes(Xml.Envelope(encrypt));
            var call = new Trickle(door, door.Query(encrypt), body[(body.Length / 2)..]);
            call.pipe.Writer.WriteAsync(body.AsMemory(0, body.Length / 2)).AsTask().Wait();
            return call;
        }

        public async Task Add(int bytes) => await pipe.Writer.WriteAsync(new byte[bytes]);

        public async Task Finish()
        {
            await pipe.Writer.WriteAsync(rest);
            await pipe.Writer.CompleteAsync();
        }

        public async Task HangUp() => await pipe.Writer.CompleteAsync(new IOException("The connection was reset."));
    }
}
