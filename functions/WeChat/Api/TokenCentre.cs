using System.Collections.Concurrent;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// Access tokens, one per account, by <c>stable_token</c>: two programs that ask get the same token and do not void each other's.
/// Rule: developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html (10,000 calls a minute, 500,000 a day).
/// </summary>
public sealed class TokenCentre(HttpClient http, WeChatApiOptions options, TimeProvider time)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    // Near its end stable_token returns the same token again; without a pause every caller would ask.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>
    /// The account's token: from memory, without allocating, until 5 minutes before its expiry; then one call, however many callers wait.
    /// A configuration fault (secret, allow-list) is remembered for 30 s, because repeating such calls gets an address banned.
    /// </summary>
    public ValueTask<ApiResult<string>> Get(AccountCredentials account, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        var slot = _slots.GetOrAdd(account.Account, static _ => new Slot());
        return slot.Fresh(time.GetTimestamp()) is { } cached ? new(cached) : new(Join(slot, account).WaitAsync(cancellation));
    }

    /// <summary>Forgets the token if it is still the one that failed; a newer one, which someone else fetched meanwhile, stays.</summary>
    public void Invalidate(string account, string failedToken)
    {
        if (!_slots.TryGetValue(account, out var slot)) return;
        lock (slot)
        {
            if (slot.Held?.Result.Value == failedToken) slot.Held = null;
        }
    }

    // Apart from Get: its lambda would make every hit allocate.
    private Task<ApiResult<string>> Join(Slot slot, AccountCredentials account)
    {
        lock (slot)
        {
            if (slot.Fresh(time.GetTimestamp()) is { } meanwhile) return Task.FromResult(meanwhile);
            // Not under this caller's cancellation: the others wait for the same call.
            return slot.Fetch ??= Task.Run(() => Refresh(slot, account));
        }
    }

    private async Task<ApiResult<string>> Refresh(Slot slot, AccountCredentials account)
    {
        Held? fetched = null;
        try
        {
            fetched = await Ask(account).ConfigureAwait(false);
        }
        finally
        {
            lock (slot)
            {
                slot.Fetch = null;
                if (fetched is not null) slot.Held = Choose(slot.Held, fetched);
            }
        }

        return slot.Held is { } held && held.IsFresh(time.GetTimestamp()) ? held.Result : fetched.Result;
    }

    // A failure does not displace a token that is still valid.
    private Held Choose(Held? old, Held fetched)
    {
        var now = time.GetTimestamp();
        return fetched.Result.Ok || old is not { Result.Ok: true } || now >= old.ExpiresAt
            ? fetched
            : old with { RefreshAt = Math.Min(After(now, Pause), old.ExpiresAt) };
    }

    private async Task<Held> Ask(AccountCredentials account)
    {
        var api = account.Channel == Channel.WeCom ? "cgi-bin/gettoken" : "cgi-bin/stable_token";
        using var request = account.Channel == Channel.WeCom
            ? new HttpRequestMessage(HttpMethod.Get, Address(options.WeComBase, $"{api}?corpid={Uri.EscapeDataString(account.AppId)}&corpsecret={Uri.EscapeDataString(account.Secret)}"))
            : new HttpRequestMessage(HttpMethod.Post, Address(options.OfficialAccountBase, api))
            {
                Content = ApiCall.Json(new TokenRequest("client_credential", account.AppId, account.Secret), WeChatJson.Types.TokenRequest),
            };
        using var measured = ApiMeter.Begin(account, api);
        var answer = await ApiCall.Send(http, request, account.Channel, options.Timeout, media: false, CancellationToken.None).ConfigureAwait(false);
        measured.End(answer.Status);
        var now = time.GetTimestamp();
        if (!answer.Status.Ok)
        {
            var until = answer.Status.Fault == ApiFault.Configuration ? After(now, Pause) : now;
            return new Held(ApiResult<string>.Failure(answer.Status), until, until);
        }

        if (WeChatJson.Read(answer.Body, WeChatJson.Types.TokenBody) is not { AccessToken: { Length: > 0 } token, ExpiresIn: > 0 and var seconds })
            return new Held(ApiResult<string>.Failure(ApiCall.Answer.Unreadable), now, now);

        var life = TimeSpan.FromSeconds(seconds);
        var floor = life / 2 < Pause ? life / 2 : Pause;
        var refresh = life - Ahead > floor ? life - Ahead : floor;
        return new Held(ApiResult<string>.Success(token), After(now, refresh), After(now, life));
    }

    private static Uri Address(Uri root, string pathAndQuery) => new(root.AbsoluteUri.TrimEnd('/') + "/" + pathAndQuery);

    private long After(long now, TimeSpan span) => now + (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed record Held(ApiResult<string> Result, long RefreshAt, long ExpiresAt)
    {
        public bool IsFresh(long now) => now < RefreshAt;
    }

    private sealed class Slot
    {
        private Held? _held;

        public Held? Held
        {
            get => Volatile.Read(ref _held);
            set => Volatile.Write(ref _held, value);
        }

        public Task<ApiResult<string>>? Fetch { get; set; }

        public ApiResult<string>? Fresh(long now) => Held is { } held && held.IsFresh(now) ? held.Result : null;
    }
}
