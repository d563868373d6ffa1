namespace CrmServerless.WeChat.Api;

/// <summary>
/// What the instances of one program tell each other about WeChat: tokens, closed APIs, rates. Small values under an
/// etag. <see cref="MemoryState"/> serves a single instance; a program with several puts its document store here.
/// </summary>
public interface ISharedState
{
    /// <summary>The value, or null.</summary>
    /// <param name="scope">An account's name, <see cref="Company"/> or <see cref="AllAccounts"/>.</param>
    /// <param name="name">What it is about, of <c>a-z 0-9 -</c>.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="SharedStateException">The store does not answer; the caller goes on alone.</exception>
    ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct);

    /// <summary>Writes if nobody else has since: the new etag, or null if somebody was faster.</summary>
    /// <param name="scope">An account's name, <see cref="Company"/> or <see cref="AllAccounts"/>.</param>
    /// <param name="name">What it is about.</param>
    /// <param name="value">At most some 10 KB.</param>
    /// <param name="etag">As read; null if there was no value.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="SharedStateException">The store does not answer; the caller goes on alone.</exception>
    ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct);

    /// <summary>The scope of what is not one account's, such as the limits of our address.</summary>
    public const string AllAccounts = "~";

    /// <summary>The scope of what all accounts of one company share, such as WeCom's limits; no account is named so.</summary>
    public static string Company(string corpId) => "~" + corpId;
}

/// <param name="Value">The bytes as written.</param>
/// <param name="Etag">Changes with every write.</param>
public sealed record SharedValue(ReadOnlyMemory<byte> Value, string Etag)
{
    /// <summary>Nothing of the value, which may be a token.</summary>
    public override string ToString() => nameof(SharedValue);
}

/// <summary>The shared state cannot be reached for the moment.</summary>
public sealed class SharedStateException : Exception
{
    public SharedStateException() : this("The shared state cannot be reached.") { }

    public SharedStateException(string message) : base(message) { }

    public SharedStateException(string message, Exception inner) : base(message, inner) { }
}
