using System.Diagnostics.CodeAnalysis;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>Who calls. The two have one cipher and two sets of names: <c>subscribe</c> is a follower here and a colleague there.</summary>
public enum Channel
{
    /// <summary>公众号, 服务号.</summary>
    OfficialAccount,

    /// <summary>企业微信.</summary>
    WeCom,
}

/// <summary>The one way from a decrypted payload to a <see cref="Callback"/>, whatever the account.</summary>
public static class ChannelParser
{
    /// <summary>Never throws. A type that is not known is no failure.</summary>
    /// <param name="plaintext">The decrypted payload.</param>
    /// <param name="channel">By the account's kind; a payload does not tell.</param>
    /// <param name="callback">The callback, or null.</param>
    /// <param name="reason">Why not: one of a few fixed words, safe to log.</param>
    public static bool TryParse(
        string plaintext, Channel channel, [NotNullWhen(true)] out Callback? callback, [NotNullWhen(false)] out string? reason) =>
        channel == Channel.WeCom ? WeComParser.TryParse(plaintext, out callback, out reason) : CallbackParser.TryParse(plaintext, out callback, out reason);
}
