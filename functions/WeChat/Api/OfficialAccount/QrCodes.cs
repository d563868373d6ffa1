using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// A QR code to ask for. Who scans it follows or is greeted, and the scene comes back in the event.
/// Rule: developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html.
/// </summary>
public sealed record QrCode : WireRecord
{
    /// <summary>The longest life of a temporary code.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    private QrCode(string action, QrScene scene, long? seconds)
    {
        ActionName = action;
        ActionInfo = new(scene);
        ExpireSeconds = seconds;
    }

    public string ActionName { get; }

    /// <summary>Null: for ever.</summary>
    public long? ExpireSeconds { get; }

    [JsonInclude]
    internal QrActionInfo ActionInfo { get; }

    /// <summary>A code for at most 30 days with a number, 1 to 4294967295. There may be any number of them.</summary>
    /// <exception cref="ArgumentException">Over a limit.</exception>
    public static QrCode Temporary(long scene, TimeSpan life) => new("QR_SCENE", new QrScene(SceneId: Limits.Range(scene, 1, uint.MaxValue, "as a scene")), Seconds(life));

    /// <summary>A code for at most 30 days with a text of 1 to 64 characters.</summary>
    /// <exception cref="ArgumentException">Over a limit.</exception>
    public static QrCode Temporary(string scene, TimeSpan life) => new("QR_STR_SCENE", new QrScene(SceneStr: Limits.Characters(scene, 1, 64)), Seconds(life));

    /// <summary>A code for ever with a number, 1 to 100000.</summary>
    /// <exception cref="ArgumentException">Over a limit.</exception>
    public static QrCode Permanent(long scene) => new("QR_LIMIT_SCENE", new QrScene(SceneId: Limits.Range(scene, 1, 100_000, "as a scene")), null);

    /// <summary>A code for ever with a text of 1 to 64 characters; an account has 100,000 of them.</summary>
    /// <exception cref="ArgumentException">Over a limit.</exception>
    public static QrCode Permanent(string scene) => new("QR_LIMIT_STR_SCENE", new QrScene(SceneStr: Limits.Characters(scene, 1, 64)), null);

    private static long Seconds(TimeSpan life) => Limits.Range((long)life.TotalSeconds, 1, (long)LongestLife.TotalSeconds, "seconds", nameof(life));
}

/// <summary>A QR code that was made.</summary>
public sealed record QrTicket : WireRecord
{
    public required string Ticket { get; init; }

    /// <summary>Its life; 0: for ever.</summary>
    public long ExpireSeconds { get; init; }

    /// <summary>What the code says, for those who draw it themselves.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Url { get; init; }

    /// <summary>The picture: open to all, as long as the code lives.</summary>
    [JsonIgnore]
    public Uri Image => new("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=" + Uri.EscapeDataString(Ticket));
}

internal sealed record QrActionInfo(QrScene Scene) : WireRecord;

internal sealed record QrScene(long? SceneId = null, string? SceneStr = null) : WireRecord;
