using System.Text.Json;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// The shared value <c>token</c>. While the state does not answer, what this instance knows itself stands in for it:
/// then nobody is waited for and every write succeeds.
/// </summary>
internal sealed class TokenStore(ISharedState shared)
{
    private const string Name = "token";

    /// <param name="State">What all know; null: nothing, or nothing that can be read.</param>
    /// <param name="Etag">For the next write.</param>
    /// <param name="Alone">The state does not answer.</param>
    public readonly record struct View(SharedToken? State, string? Etag, bool Alone)
    {
        public override string ToString() => Alone ? "alone" : "shared";
    }

    public async ValueTask<View> Read(TokenSlot slot, string account)
    {
        try
        {
            var stored = await shared.Read(account, Name, CancellationToken.None).ConfigureAwait(false);
            slot.Mirror = stored is null ? null : WeChatJson.Read(stored.Value.Span, SharedStateJson.Default.SharedToken);
            return new View(slot.Mirror, stored?.Etag, false);
        }
        catch (SharedStateException)
        {
            return new View(slot.Mirror, null, true);
        }
    }

    /// <summary>What all know, for who only wants to tell it; null also while the state does not answer.</summary>
    public async ValueTask<SharedToken?> Peek(string account)
    {
        try
        {
            var stored = await shared.Read(account, Name, CancellationToken.None).ConfigureAwait(false);
            return stored is null ? null : WeChatJson.Read(stored.Value.Span, SharedStateJson.Default.SharedToken);
        }
        catch (SharedStateException)
        {
            return null;
        }
    }

    /// <summary>The view after the write; null if somebody else has written meanwhile.</summary>
    public async ValueTask<View?> Write(TokenSlot slot, string account, View before, SharedToken next)
    {
        var alone = before.Alone;
        string? etag = null;
        try
        {
            if (!alone)
            {
                var value = JsonSerializer.SerializeToUtf8Bytes(next, SharedStateJson.Default.SharedToken);
                etag = await shared.Write(account, Name, value, before.Etag, CancellationToken.None).ConfigureAwait(false);
                if (etag is null) return null;
            }
        }
        catch (SharedStateException)
        {
            alone = true;
        }

        slot.Mirror = next;
        return new View(next, etag, alone);
    }
}
