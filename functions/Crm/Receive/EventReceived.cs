using System.IO.Compression;
using System.Text;
using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// A verified callback. Holds the raw decrypted payload beside the few parsed fields, so that an old event can be
/// replayed through a better parser.
/// </summary>
public sealed record EventReceived
{
    /// <summary>
    /// The customer's openid or external userid; the userid of staff who wrote or tapped themselves; else who WeCom says it is from
    /// (<c>sys</c>), empty if it does not.
    /// </summary>
    public required string From { get; init; }

    /// <summary>Normalised kind.</summary>
    public required string Kind { get; init; }

    /// <summary>MsgType or Event as WeChat sent it; only for kinds that we do not know.</summary>
    public string? Name { get; init; }

    /// <summary>What the customer wrote; the label of a location; the title of a link; what a code says that was scanned through the menu.</summary>
    public string? Text { get; init; }

    /// <summary>Key of a clicked menu button.</summary>
    public string? MenuKey { get; init; }

    /// <summary>Scene of a parametric QR code, without <c>qrscene_</c>.</summary>
    public string? Scene { get; init; }

    /// <summary>Address of a viewed menu link or of a sent link; page of a mini program opened through the menu.</summary>
    public string? Url { get; init; }

    public GeoPoint? Location { get; init; }

    /// <summary>Temporary media id (3 days) of an image, voice or video.</summary>
    public string? MediaId { get; init; }

    /// <summary>WeCom: userid of the member of staff that it is about.</summary>
    public string? StaffId { get; init; }

    /// <summary>WeCom: the customer group that it is about.</summary>
    public string? ChatId { get; init; }

    /// <summary>Third-party WeCom applications: the company that it happened in.</summary>
    public string? CorpId { get; init; }

    /// <summary>WeCom: the second half of the event's name, as sent.</summary>
    public string? Change { get; init; }

    /// <summary>WeCom: through which contact way or acquisition link the customer came, at most 30 characters.</summary>
    public string? State { get; init; }

    /// <summary>
    /// Why something did not go well: a send, a verification, a card's review, in WeChat's words. WeCom: why a customer was not handed over,
    /// or how he was deleted (DELETE_BY_TRANSFER).
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What it is about, by id: the card, the sent message, the publication, the agent. WeCom: the tag, the link, the customer service account,
    /// the job or the card.
    /// </summary>
    public string? ObjectId { get; init; }

    /// <summary>WeCom: how many joined or left a customer group.</summary>
    public long? MemberChanges { get; init; }

    /// <summary>WeCom: the group's membership before, an opaque text; see <see cref="Customers.ChatRules"/>.</summary>
    public string? LastMemVer { get; init; }

    /// <summary>WeCom: the group's membership after.</summary>
    public string? CurMemVer { get; init; }

    /// <summary>WeCom: buys one welcome. A credential: for the welcome stage only, never for a log or a page.</summary>
    public string? WelcomeCode { get; init; }

    /// <summary>
    /// When the code is void. Not the fact's deadline: after it there is no welcome, but the customer is added all the same.
    /// </summary>
    public DateTimeOffset? WelcomeBy { get; init; }

    /// <summary>Set when WeChat's CreateTime is implausible: the time of receipt, whose day the event counts under.</summary>
    public DateTimeOffset? CountedAt { get; init; }

    /// <summary>What was answered in the response to the callback already; the stage <c>reply</c> sends nothing then.</summary>
    public PassiveAnswer? Passive { get; init; }

    /// <summary>The decrypted payload, up to <see cref="RawLimit"/> bytes of UTF-8.</summary>
    public string? Raw { get; init; }

    /// <summary>A longer payload: gzip, base64.</summary>
    public string? RawGzip { get; init; }

    public const int RawLimit = 8 * 1024;

    [JsonIgnore]
    public string Payload => Raw ?? Unzip(RawGzip ?? "");

    /// <summary>The kind only: the rest is personal data and must not reach a log by accident.</summary>
    public override string ToString() => Kind;

    public EventReceived WithPayload(string payload) =>
        Encoding.UTF8.GetByteCount(payload) <= RawLimit ? this with { Raw = payload } : this with { RawGzip = Zip(payload) };

    private static string Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(zipped.ToArray());
    }

    private static string Unzip(string base64)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        // No reader: it would swallow a byte order mark, and the payload is kept as it came.
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}

/// <summary>An answer that went out in the response to the callback.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Version">Its version.</param>
/// <param name="Type">One of <see cref="Replies.ReplyAction.Type"/>.</param>
/// <param name="Text">The text, or the title of the article.</param>
public sealed record PassiveAnswer(string RuleId, int Version, string Type, string? Text)
{
    /// <summary>The rule only.</summary>
    public override string ToString() => $"{RuleId}@{Version}";
}

/// <summary>Degrees, WGS-84 or GCJ-02 as WeChat sends them.</summary>
public sealed record GeoPoint(double Latitude, double Longitude);
