using System.Text.Unicode;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.WeChat.Replies;

/// <summary>What WeChat takes in the response to which callback. An answer to anything else is lost, or shows the customer a fault.</summary>
public static class PassiveReplyLimits
{
    /// <summary>Bytes of UTF-8 in a text, at most.</summary>
    public const int MaxTextBytes = 2048;

    /// <summary>Articles in a news reply, at most; see <see cref="ArticlesFor"/>.</summary>
    public const int MaxArticles = 8;

    private const string OaMessages = "oa.message.";

    // Of the Official Account's events those that wait for something; the menu's links and mini programs leave the chat.
    private static readonly string[] OaEvents =
    [
        Kinds.Subscribe, Kinds.Scan, Kinds.MenuClick,
        Kinds.MenuScanPush, Kinds.MenuScanWait, Kinds.MenuPhoto, Kinds.MenuPhotoOrAlbum, Kinds.MenuAlbum, Kinds.MenuLocation,
    ];

    // 支持被动回复的事件: developer.work.weixin.qq.com/document/path/90240.
    private static readonly string[] WeComEvents =
    [
        WeComKinds.Agent + "subscribe", WeComKinds.EnterAgent, WeComKinds.LocationReport,
        WeComKinds.Menu + "click", WeComKinds.Menu + "view", WeComKinds.Menu + "view_miniprogram", WeComKinds.Menu + "scancode_waitmsg",
    ];

    /// <summary>Whether WeChat shows the customer what is answered to a callback of this kind. Unsubscribe, location reports and job results are acknowledged only.</summary>
    public static bool CanAnswer(string kind) =>
        kind.StartsWith(OaMessages, StringComparison.Ordinal) || kind.StartsWith(WeComKinds.Messages, StringComparison.Ordinal)
        || OaEvents.Contains(kind, StringComparer.Ordinal) || WeComEvents.Contains(kind, StringComparer.Ordinal) || IsCard(kind);

    /// <summary>Whether this answer may be given to a callback of this kind.</summary>
    public static bool CanAnswer(string kind, PassiveReply reply) => CanAnswer(kind) && reply switch
    {
        NewsReply news => news.Articles.Count >= 1 && news.Articles.Count <= ArticlesFor(kind) && !IsCard(kind),
        MusicReply => kind.StartsWith("oa.", StringComparison.Ordinal),
        TransferToCustomerService => kind.StartsWith(OaMessages, StringComparison.Ordinal),
        UpdateButtonReply or UpdateTemplateCardReply => IsCard(kind),
        _ => !IsCard(kind),
    };

    /// <summary>Articles in an answer to this kind, at most: a customer's message gets one, a menu click or a follow up to 8.</summary>
    public static int ArticlesFor(string kind) => kind.StartsWith(OaMessages, StringComparison.Ordinal) ? 1 : MaxArticles;

    /// <summary>The longest beginning of <paramref name="text"/> that fits <see cref="MaxTextBytes"/>, cut between code points.</summary>
    internal static string Cut(string text)
    {
        // Fewer than a third of the limit in UTF-16 units always fits.
        if (text.Length <= MaxTextBytes / 3) return text;
        Span<byte> bytes = stackalloc byte[MaxTextBytes];
        Utf8.FromUtf16(text, bytes, out var read, out _);
        return text[..read];
    }

    private static bool IsCard(string kind) => kind is WeComKinds.CardClick or WeComKinds.CardMenu;
}
