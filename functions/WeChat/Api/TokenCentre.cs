using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// Access tokens, one an account for all instances: what one has fetched the others take from the shared state, under a
/// lease, so that neither many callers nor many instances ask at once and nobody voids what another has just got.
/// </summary>
/// <remarks>
/// Renewed 5 minutes before the expiry by one instance, while the others go on with the old one. If the state does not
/// answer, each instance goes on alone: then as many ask as there are, and get the same token. Why there is no token
/// (secret, allow-list) is remembered by all for 30 s, growing to 10 minutes (a secret in WeCom: an hour), because
/// repeating such calls gets an address banned. No exception and no ToString has a token or a secret.
/// </remarks>
public sealed class TokenCentre
{
    private static readonly TimeSpan LookMost = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TokenSlot> slots = new(StringComparer.Ordinal);
    private readonly TokenStore store;
    private readonly TokenEndpoint endpoint;
    private readonly WeChatApiOptions options;
    private readonly TimeProvider time;

    // Which instance holds a lease; another one after every start, since the one before may have died with it.
    private readonly string me = RandomNumberGenerator.GetHexString(12, lowercase: true);

    public TokenCentre(HttpClient http, ISharedState shared, WeChatApiOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(shared);
        (this.options, this.time) = (options, time);
        store = new TokenStore(new PatientState(shared));
        endpoint = new TokenEndpoint(http, options);
    }

    /// <summary>Accounts for which WeChat gives this instance no token, for health; until one comes.</summary>
    public IReadOnlyList<TokenFault> Faults =>
        [.. slots.Select(s => s.Value.Fault is { } fault ? new TokenFault(s.Key, fault.Code, fault.Since, fault.Until) : null)
            .OfType<TokenFault>().OrderBy(f => f.Account, StringComparer.Ordinal)];

    /// <summary>The account's token: from memory, without allocating, until it is time to renew it; then one renewal, however many callers wait.</summary>
    public ValueTask<ApiResult<string>> Get(AccountCredentials account, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        var slot = slots.GetOrAdd(account.Account, static _ => new TokenSlot());
        return slot.Fresh(account, time.GetTimestamp()) is { } cached ? new(cached) : new(Renewed(slot, account).WaitAsync(cancellation));
    }

    /// <summary>
    /// For health, should nobody call: a fault whose time has come is tried again, as was told, so that it goes when it has
    /// been repaired; and one that was remembered before this instance began is told by this one too. Waits for a moment at the most.
    /// </summary>
    public async Task Look(AccountCredentials account, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        var slot = slots.GetOrAdd(account.Account, static _ => new TokenSlot());
        if (slot.Fault is { } known ? known.Until > time.GetUtcNow() : !await IsRemembered(slot, account).ConfigureAwait(false)) return;
        try
        {
            await Get(account, cancellation).AsTask().WaitAsync(LookMost, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It goes on by itself; the next look sees what it brought.
        }
    }

    // Only of an account that this instance has never asked for: else it knows by itself.
    private async ValueTask<bool> IsRemembered(TokenSlot slot, AccountCredentials account) =>
        slot.MayLook(time) && TokenRules.FaultOf(await store.Peek(account.Account).ConfigureAwait(false), TokenRules.Fingerprint(account)) is { } fault && fault.Until > fault.Since;

    /// <summary>
    /// Forgets the token if it is still the one that failed; a newer one, which someone else fetched meanwhile, stays.
    /// The other instances forget it by the same rule at the next <see cref="Get"/>, which renews it.
    /// </summary>
    public void Invalidate(string account, string failedToken)
    {
        if (slots.TryGetValue(account, out var slot)) slot.Forget(failedToken);
    }

    // Apart from Get: its lambda would make every hit allocate.
    private Task<ApiResult<string>> Renewed(TokenSlot slot, AccountCredentials account) => slot.Join(account, time, async () =>
    {
        try
        {
            return await new TokenRenewal(slot, account, me, store, endpoint, options, time).Run().ConfigureAwait(false);
        }
        catch
        {
            slot.Abandon();
            throw;
        }
    });
}
