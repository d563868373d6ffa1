using System.Net;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>Who floods the door is told to wait; a genuine callback never is, not even one that shares his address.</summary>
public sealed class FloodedDoorTests : IAsyncDisposable
{
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly Door door;

    public FloodedDoorTests() => door = new Door(clock, new FloodOptions { PerAddress = 1, Total = 4 });

    public ValueTask DisposeAsync() => door.DisposeAsync();

    private string Payload => Xml.Text(Some.OpenId, "茶", 1, clock.GetUtcNow());

    [Fact]
    public async Task Beyond_the_limit_every_refusal_is_the_same_429()
    {
        for (var n = 0; n < 10; n++) Assert.Equal(403, (await door.Send("?timestamp=1&nonce=1", "<xml><Encrypt>x</Encrypt></xml>"u8.ToArray())).Status);
        var limited = new[]
        {
            await door.Send("?timestamp=1&nonce=1", "<xml><Encrypt>x</Encrypt></xml>"u8.ToArray()), // unsigned
            await door.Send(door.Query("y"), "<xml><Encrypt>x</Encrypt></xml>"u8.ToArray()), // wrongly signed
            await door.Send("", "<html/>"u8.ToArray()), // no envelope
            await door.Get("?echostr=1"),
        };
        Assert.Equal("429\nContent-Length: 7\nContent-Type: text/plain; charset=utf-8\nRetry-After: 10\nX-Content-Type-Options: nosniff\n\nrefused", Assert.Single(limited.Select(o => o.Look()).Distinct()));
        Assert.Equal(429, (await door.Send("", new byte[200_000])).Status); // and one that is too large, whose connection is closed besides

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(400, (await door.Send("", "<html/>"u8.ToArray())).Status);
    }

    [Fact]
    public async Task A_verified_callback_passes_also_from_an_address_that_is_over_its_limit()
    {
        for (var n = 0; n < 1000; n++) await door.Send("", []);
        Assert.Equal(429, (await door.Send("", [])).Status);
        for (var n = 0; n < 1000; n++) Assert.Equal(200, (await door.Seal(Payload)).Status);
        Assert.Equal(200, (await door.Seal("<xml>not to be read")).Status);
    }

    [Fact]
    public async Task What_floods_is_counted_apart()
    {
        var results = new List<string>();
        door.Progress.Answered += ack => results.Add(ack.Result);
        for (var n = 0; n < 15; n++) await door.Send("", []);
        await door.Get("?echostr=1");
        await door.Seal(Payload);
        Assert.Equal([("accepted", 1), ("flooded", 6), ("refused", 10)], results.CountBy(r => r).Select(r => (r.Key, r.Value)).Order());
    }

    [Fact]
    public async Task Nor_do_genuine_callbacks_count()
    {
        for (var n = 0; n < 1000; n++) await door.Seal(Payload);
        Assert.Equal(400, (await door.Send("", [])).Status);
    }

    [Fact]
    public async Task All_addresses_together_have_a_limit_too()
    {
        for (byte n = 0; n < 40; n++)
        {
            door.From = new IPAddress([10, 0, 0, n]);
            Assert.Equal(400, (await door.Send("", [])).Status);
        }

        door.From = new IPAddress([10, 0, 0, 99]);
        Assert.Equal(429, (await door.Send("", [])).Status);
        Assert.Equal(200, (await door.Seal(Payload)).Status);
    }
}
