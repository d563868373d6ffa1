using System.Security.Cryptography;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>Access tokens that were given out: whose, until when, and since when another has taken their place.</summary>
public sealed class IssuedTokens
{
    // What is longer over than this is as unknown as what never was.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Token> tokens = new(StringComparer.Ordinal);

    public string Issue(string owner, DateTimeOffset now, TimeSpan life)
    {
        var token = "sim_" + RandomNumberGenerator.GetHexString(60);
        lock (gate)
        {
            foreach (var old in tokens.Where(t => t.Value.Until + Remembered < now).Select(t => t.Key).ToList()) tokens.Remove(old);
            tokens[token] = new Token(owner, now + life, DateTimeOffset.MaxValue);
        }

        return token;
    }

    /// <summary>From then on it is not the latest any more.</summary>
    public void Void(string token, DateTimeOffset from)
    {
        lock (gate)
            if (tokens.TryGetValue(token, out var known) && known.VoidFrom > from) tokens[token] = known with { VoidFrom = from };
    }

    /// <summary>Ends all tokens of an owner at once.</summary>
    public void VoidAll(string owner, DateTimeOffset from)
    {
        lock (gate)
            foreach (var (token, known) in tokens.Where(t => t.Value.Owner == owner).ToList())
                if (known.VoidFrom > from) tokens[token] = known with { VoidFrom = from };
    }

    public (TokenState State, string Owner) Look(string token, DateTimeOffset now)
    {
        if (token.Length is < 16 or > 512 || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) return (TokenState.Malformed, "");
        lock (gate)
        {
            if (!tokens.TryGetValue(token, out var known)) return (TokenState.Unknown, "");
            if (now >= known.VoidFrom) return (TokenState.Superseded, known.Owner);
            return (now >= known.Until ? TokenState.Expired : TokenState.Valid, known.Owner);
        }
    }

    private sealed record Token(string Owner, DateTimeOffset Until, DateTimeOffset VoidFrom);
}

public enum TokenState
{
    Valid,

    /// <summary>Not of the form of a token.</summary>
    Malformed,

    /// <summary>Never given out.</summary>
    Unknown,

    /// <summary>Its two hours are over.</summary>
    Expired,

    /// <summary>Not the latest.</summary>
    Superseded,
}
