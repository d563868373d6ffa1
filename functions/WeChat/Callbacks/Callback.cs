using System.Collections.ObjectModel;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// One parsed callback of an Official Account.
/// Rules: developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html and Receiving_event_pushes.html.
/// </summary>
public abstract record Callback
{
    /// <summary>The normalised name, one of <see cref="Kinds"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>Original id of the account (gh_...); empty when absent.</summary>
    public string ToUserName { get; init; } = "";

    /// <summary>Who sent it: the customer's openid, or what stands for the platform in what the platform reports; never empty.</summary>
    public string FromUserName { get; init; } = "";

    /// <summary>The openid of the customer whom it is about; null for what is about the account as a whole.</summary>
    public virtual string? Customer => FromUserName;

    /// <summary>Unix seconds as sent; 0 when absent or not a number. It may be implausible.</summary>
    public long CreateTime { get; init; }

    /// <summary>Message id (beyond 2^53); null for events.</summary>
    public long? MsgId { get; init; }

    /// <summary>Of a message that was sent from an article: the article's data id; null otherwise.</summary>
    public string? MsgDataId { get; init; }

    /// <summary>Of a message that was sent from one of several articles: which one, from 1; null otherwise.</summary>
    public string? Idx { get; init; }

    /// <summary>MsgType of a message, Event of an event, as sent.</summary>
    public string RawName { get; init; } = "";

    /// <summary>
    /// For unknown kinds the texts by path ("ScanCodeInfo.ScanType"; a repeated one as "Path#2"): at most 100,
    /// values cut at 2,048 characters. Empty for known kinds.
    /// </summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The kind only: the rest is personal data and must not reach a log by accident.</summary>
    public sealed override string ToString() => Kind;
}
