using System.Text.Json;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// Plays WeChat's tokens for several instances: "t1", "t2", ... A new one voids the one before at once, as
/// <c>cgi-bin/token</c> does; another call is answered by 40001 unless it carries the newest.
/// </summary>
internal sealed class TokenPlatform : HttpMessageHandler
{
    public static readonly WeChatApiOptions Options = new() { Timeout = TimeSpan.FromSeconds(20), Retries = 0 };

    private readonly Lock gate = new();
    private int issued;

    public ManualClock Time { get; } = new(new DateTimeOffset(2026, 11, 24, 4, 0, 0, TimeSpan.Zero));

    public MemoryState Shared { get; } = new();

    /// <summary>Token calls, and those of them that forced a new one.</summary>
    public int Fetches { get; private set; }

    public int Forced { get; private set; }

    /// <summary>Calls that met 40001.</summary>
    public int Refused { get; private set; }

    /// <summary>Gives the same token again while it is there, as <c>stable_token</c> and WeCom's <c>gettoken</c> do.</summary>
    public bool Stable { get; set; }

    /// <summary>What a token call answers instead of a token.</summary>
    public string? Fault { get; set; }

    /// <summary>Before a token call is answered.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public static CrmServerless.WeChat.Api.OfficialAccount.CustomText Message { get; } = new("o1", "你好");

    public TokenCentre Centre(ISharedState? shared = null, TimeProvider? time = null) =>
        new(new HttpClient(this, disposeHandler: false), shared ?? Shared, Options, time ?? Time);

    public CrmServerless.WeChat.Api.OfficialAccount.OfficialAccountApi Api(TokenCentre tokens) =>
        new(new WeChatTransport(new HttpClient(this, disposeHandler: false), tokens, new ApiGates(Shared, Options, Time), Options, Time));

    /// <summary>The newest token is void, and nobody has been told.</summary>
    public void Void()
    {
        lock (gate) issued++;
    }

    /// <summary>What the instances share about the account.</summary>
    public async Task<SharedToken> State() =>
        JsonSerializer.Deserialize((await Shared.Read("main", "token", default))!.Value.Span, SharedStateJson.Default.SharedToken)!;

    /// <summary>Puts it there, as another instance would.</summary>
    public async Task Put(SharedToken state, string account = "main")
    {
        var before = await Shared.Read(account, "token", default);
        Assert.NotNull(await Shared.Write(account, "token", JsonSerializer.SerializeToUtf8Bytes(state, SharedStateJson.Default.SharedToken), before?.Etag, default));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (!path.EndsWith("token", StringComparison.Ordinal))
        {
            lock (gate)
            {
                if (request.RequestUri.Query.Contains($"access_token=t{issued}", StringComparison.Ordinal)) return FakeWeChat.Json("""{"errcode":0,"errmsg":"ok"}""");
                Refused++;
                return FakeWeChat.Json("""{"errcode":40001,"errmsg":"invalid credential"}""");
            }
        }

        var forced = request.Content is not null && (await request.Content.ReadAsStringAsync(cancellationToken)).Contains("force_refresh\":true", StringComparison.Ordinal);
        lock (gate)
        {
            Fetches++;
            if (forced) Forced++;
        }

        await Before();
        if (Fault is not null) return FakeWeChat.Json(Fault);
        lock (gate)
        {
            if (!Stable || forced || issued == 0) issued++;
            return FakeWeChat.Json($$"""{"access_token":"t{{issued}}","expires_in":7200}""");
        }
    }
}

/// <summary>A shared state that can be down, and into which others can write just before a write of ours.</summary>
internal sealed class TroubledState(ISharedState inner) : ISharedState
{
    public bool Down { get; set; }

    public int Reads { get; private set; }

    public int Writes { get; private set; }

    /// <summary>Runs before the write of this number.</summary>
    public Dictionary<int, Func<Task>> BeforeWrite { get; } = [];

    public async ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct)
    {
        Reads++;
        if (Down) throw new SharedStateException();
        return await inner.Read(scope, name, ct);
    }

    public async ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
    {
        if (BeforeWrite.TryGetValue(++Writes, out var other)) await other();
        if (Down) throw new SharedStateException();
        return await inner.Write(scope, name, value, etag, ct);
    }
}
