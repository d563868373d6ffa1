using System.Text;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Tests.Contracts;

/// <summary>What everything that instances share must be able to rely on, whatever holds it.</summary>
public abstract class SharedStateContract
{
    protected abstract ISharedState State { get; }

    [Fact]
    public async Task What_nobody_wrote_is_not_there()
    {
        Assert.Null(await State.Read("main", "token", default));
        Assert.Null(await State.Write("main", "token", "{}"u8.ToArray(), "1", default));
    }

    [Fact]
    public async Task A_value_is_read_as_written_under_the_etag_of_its_write()
    {
        var etag = await State.Write("main", "token", "{\"token\":\"茶\"}"u8.ToArray(), null, default);
        var read = (await State.Read("main", "token", default))!;
        Assert.Equal(("{\"token\":\"茶\"}", etag), (Encoding.UTF8.GetString(read.Value.Span), read.Etag));
        var next = await State.Write("main", "token", "{}"u8.ToArray(), etag, default);
        Assert.NotNull(next);
        Assert.NotEqual(etag, next);
    }

    [Fact]
    public async Task Of_two_writers_the_first_wins()
    {
        var etag = await State.Write("main", "token", "{}"u8.ToArray(), null, default);
        Assert.Null(await State.Write("main", "token", "[]"u8.ToArray(), null, default));
        Assert.NotNull(await State.Write("main", "token", "[1]"u8.ToArray(), etag, default));
        Assert.Null(await State.Write("main", "token", "[2]"u8.ToArray(), etag, default));
        Assert.Equal("[1]", Encoding.UTF8.GetString((await State.Read("main", "token", default))!.Value.Span));
    }

    [Fact]
    public async Task Scopes_and_names_are_apart()
    {
        foreach (var (scope, name) in ((string, string)[])[("main", "token"), ("main", "closed"), ("other", "token"), (ISharedState.AllAccounts, "token"), (ISharedState.Company("ww1"), "token")])
            Assert.NotNull(await State.Write(scope, name, Encoding.UTF8.GetBytes($"\"{scope} {name}\""), null, default));
        Assert.Equal("\"~ token\"", Encoding.UTF8.GetString((await State.Read(ISharedState.AllAccounts, "token", default))!.Value.Span));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins_each_round()
    {
        string? etag = null;
        for (var round = 0; round < 5; round++)
        {
            var before = etag;
            var written = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => State.Write("main", "rates", Encoding.UTF8.GetBytes($"{i}"), before, default).AsTask())));
            etag = Assert.Single(written, e => e is not null);
        }
    }
}

public sealed class MemoryStateTests : SharedStateContract
{
    protected override ISharedState State { get; } = new MemoryState();
}
