using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CrmServerless.WeChat.Replies;

/// <summary>Writes a passive reply.</summary>
public static class PassiveReplyXml
{
    /// <summary>Bytes of UTF-8 in a text, at most.</summary>
    public const int MaxTextBytes = 2048;

    /// <summary>Articles in a news reply, at most.</summary>
    public const int MaxArticles = 8;

    /// <summary>The XML of <paramref name="reply"/>, not encrypted.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="toUserName">The customer: FromUserName of the request.</param>
    /// <param name="fromUserName">The account: ToUserName of the request.</param>
    /// <param name="createTime">Unix seconds.</param>
    /// <exception cref="ArgumentException">An empty text, or not 1 to 8 articles: WeChat would show the customer a fault.</exception>
    public static string Write(PassiveReply reply, string toUserName, string fromUserName, long createTime)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var xml = new StringBuilder("<xml>", 512);
        xml.Element("ToUserName", toUserName).Element("FromUserName", fromUserName);
        xml.Append("<CreateTime>").Append(CultureInfo.InvariantCulture, $"{createTime}").Append("</CreateTime>");
        _ = reply switch
        {
            TextReply text => xml.Element("MsgType", "text").Element("Content", Cut(NotEmpty(text.Content))),
            ImageReply image => Media(xml.Element("MsgType", "image"), "Image", image.MediaId, null, null),
            VoiceReply voice => Media(xml.Element("MsgType", "voice"), "Voice", voice.MediaId, null, null),
            VideoReply video => Media(xml.Element("MsgType", "video"), "Video", video.MediaId, video.Title, video.Description),
            NewsReply news => News(xml.Element("MsgType", "news"), news.Articles),
            TransferToCustomerService transfer => Transfer(xml.Element("MsgType", "transfer_customer_service"), transfer.KfAccount),
            _ => throw new ArgumentException($"No XML form for {reply.GetType().Name}.", nameof(reply)),
        };
        return xml.Append("</xml>").ToString();
    }

    /// <summary>The longest beginning of <paramref name="text"/> that fits <see cref="MaxTextBytes"/>, cut between code points.</summary>
    internal static string Cut(string text)
    {
        // Fewer than a third of the limit in UTF-16 units always fits.
        if (text.Length <= MaxTextBytes / 3) return text;
        Span<byte> bytes = stackalloc byte[MaxTextBytes];
        Utf8.FromUtf16(text, bytes, out var read, out _);
        return text[..read];
    }

    private static string NotEmpty(string content) =>
        string.IsNullOrEmpty(content) ? throw new ArgumentException("A text reply needs a text; acknowledge with \"success\" instead.", nameof(content)) : content;

    private static StringBuilder Media(StringBuilder xml, string element, string mediaId, string? title, string? description)
    {
        xml.Append('<').Append(element).Append('>').Element("MediaId", mediaId);
        if (title is not null) xml.Element("Title", title);
        if (description is not null) xml.Element("Description", description);
        return xml.Append("</").Append(element).Append('>');
    }

    private static StringBuilder News(StringBuilder xml, IReadOnlyList<Article> articles)
    {
        if (articles.Count is < 1 or > MaxArticles) throw new ArgumentException("A news reply has 1 to 8 articles.", nameof(articles));
        xml.Append(CultureInfo.InvariantCulture, $"<ArticleCount>{articles.Count}</ArticleCount><Articles>");
        foreach (var article in articles)
        {
            xml.Append("<item>").Element("Title", article.Title).Element("Description", article.Description)
                .Element("PicUrl", article.PicUrl).Element("Url", article.Url).Append("</item>");
        }

        return xml.Append("</Articles>");
    }

    private static StringBuilder Transfer(StringBuilder xml, string? kfAccount) =>
        string.IsNullOrEmpty(kfAccount) ? xml : xml.Append("<TransInfo>").Element("KfAccount", kfAccount).Append("</TransInfo>");
}
