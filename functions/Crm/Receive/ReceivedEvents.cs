using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Receive;

/// <summary>From a verified callback to the fact EventReceived. Pure.</summary>
public static class ReceivedEvents
{
    private static readonly DateTimeOffset Earliest = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero); // WeChat's first year
    private static readonly TimeSpan FarAhead = TimeSpan.FromDays(1);
    private const int MaxFields = 16 * 1024; // bytes; a text may have 2,048
    private const long LatestSeconds = 253402128000; // 9999-12-30, which in Shanghai is still a day that DateTimeOffset holds

    public static Envelope Of(Account account, Callback callback, string payload, DateTimeOffset now)
    {
        var id = Ids.ForCallback(account.Name, callback.FromUserName, callback.MsgId, callback.CreateTime, payload);
        var occurredAt = OccurredAt(callback.CreateTime);
        DateTimeOffset? countedAt = IsPlausible(callback.CreateTime, occurredAt, now) ? null : now;
        var received = (callback is WeComCallback wecom ? ReceivedWeCom.Describe(account, wecom, countedAt ?? occurredAt) : Describe(callback)) with { CountedAt = countedAt };
        // By its name: a report whose numbers are no place on Earth as a whole may still tell half of one.
        if (callback.RawName == "LOCATION" && account.Location == LocationPolicy.Drop)
        {
            received = received with { Location = null };
            payload = Coordinates.RemovedFrom(payload);
        }

        var whole = received.WithPayload(payload);
        // A fact must fit into a message of the bus, 256 KB with the payload. WeChat's own fields take some hundred bytes.
        if (whole.RawGzip is not null && JsonSerializer.SerializeToUtf8Bytes(received, CrmJson.Types.EventReceived).Length > MaxFields)
            return Quarantined(account, payload, now);
        return Seal(id, Key(account, callback), callback.Kind, occurredAt, whole, now);
    }

    /// <summary>Verified, but not to be read: kept whole on the account's own timeline, since a retry could not help.</summary>
    public static Envelope Quarantined(Account account, string payload, DateTimeOffset now)
    {
        var kind = account.Channel == Channel.WeCom ? ReceivedWeCom.QuarantinedKind : QuarantinedKind;
        var id = Ids.Hash($"{account.Name}|{payload}");
        if (account.Location == LocationPolicy.Drop && payload.Contains("LOCATION", StringComparison.Ordinal)) payload = Coordinates.RemovedFromUnreadable(payload);
        var received = new EventReceived { From = "", Kind = kind }.WithPayload(payload);
        return Seal(id, Keys.AccountWide(account.Name), kind, now, received, now);
    }

    public const string QuarantinedKind = "oa.quarantined";

    private static string Key(Account account, Callback callback) =>
        callback is WeComCallback wecom ? ReceivedWeCom.Key(account, wecom) : callback.Customer is { } customer ? Keys.Customer(account.Name, customer) : Keys.AccountWide(account.Name);

    private static Envelope Seal(string id, string key, string kind, DateTimeOffset occurredAt, EventReceived received, DateTimeOffset now) => new()
    {
        Id = id, Subject = Subjects.EventReceived, Key = key, Kind = kind, OccurredAt = occurredAt, CountedAt = received.CountedAt, PublishedAt = now, Root = id,
        Data = JsonSerializer.SerializeToElement(received, CrmJson.Types.EventReceived),
    };

    private static EventReceived Describe(Callback callback)
    {
        var received = new EventReceived { From = callback.Customer ?? callback.FromUserName, Kind = callback.Kind };
        return callback switch
        {
            TextMessage m => received with { Text = m.Content, MenuKey = m.BizMsgMenuId },
            ImageMessage m => received with { MediaId = m.MediaId, Url = m.PicUrl },
            VoiceMessage m => received with { MediaId = m.MediaId, Text = m.Recognition },
            VideoMessage m => received with { MediaId = m.MediaId },
            ShortVideoMessage m => received with { MediaId = m.MediaId },
            LocationMessage m => received with { Location = new GeoPoint(m.Latitude, m.Longitude), Text = m.Label },
            LinkMessage m => received with { Text = m.Title, Url = m.Url },
            SubscribeEvent e => received with { Scene = e.Scene },
            ScanEvent e => received with { Scene = e.Scene },
            LocationReportEvent e => received with { Location = new GeoPoint(e.Latitude, e.Longitude) },
            MenuClickEvent e => received with { MenuKey = e.MenuKey },
            MenuViewEvent e => received with { Url = e.Url },
            MenuMiniProgramEvent e => received with { Url = e.PagePath },
            MenuScanEvent e => received with { MenuKey = e.MenuKey, Text = e.ScanResult },
            MenuPicturesEvent e => received with { MenuKey = e.MenuKey },
            MenuLocationEvent e => received with { MenuKey = e.MenuKey, Location = new GeoPoint(e.Latitude, e.Longitude), Text = e.Label },
            TemplateResultEvent e => received with { ObjectId = Id(e.SentMsgId), Reason = Unless("success", e.Status) },
            MassResultEvent e => received with { ObjectId = Id(e.SentMsgId), Reason = Unless("send success", e.Status) },
            PublishResultEvent e => received with { ObjectId = e.PublishId, Reason = Unless("0", Id(e.Status)) },
            ServiceStartedEvent e => received with { ObjectId = e.Agent },
            ServiceEndedEvent e => received with { ObjectId = e.Agent },
            ServiceSwitchedEvent e => received with { ObjectId = e.ToAgent },
            CardEvent e => received with { ObjectId = e.CardId, Reason = e.RefuseReason ?? e.Detail },
            SubscribeMessagePopupEvent e when Notable(e.Choices, c => c.Status == "reject") is { } choice => Chosen(received, choice),
            SubscribeMessageChangeEvent e when Notable(e.Choices, c => c.Status == "reject") is { } choice => Chosen(received, choice),
            SubscribeMessageSentEvent e when Notable(e.Messages, m => m.ErrorCode != 0) is { } sent => received with
            {
                ObjectId = sent.SentMsgId, Reason = sent.ErrorCode == 0 ? null : sent.ErrorStatus,
            },
            VerificationEvent e => received with { Reason = e.FailReason },
            UnknownMessage or UnknownEvent => received with { Name = callback.RawName },
            _ => received,
        };
    }

    private static EventReceived Chosen(EventReceived received, SubscribeChoice choice) =>
        received with { ObjectId = choice.TemplateId, Reason = Unless("accept", choice.Status) };

    // Of a list the fact names one; the payload beside it has them all.
    private static T? Notable<T>(Items<T> entries, Func<T, bool> wentWrong)
        where T : class => entries.FirstOrDefault(wentWrong) ?? (entries.Count > 0 ? entries[0] : null);

    private static string? Unless(string good, string? status) => status == good ? null : status;

    private static string? Id(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    // Thirteen digits are milliseconds; whatever is out of range stands at its end.
    private static DateTimeOffset OccurredAt(long createTime) => createTime switch
    {
        <= 0 => DateTimeOffset.UnixEpoch,
        > 99_999_999_999 => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(createTime, LatestSeconds * 1000)),
        _ => DateTimeOffset.FromUnixTimeSeconds(createTime),
    };

    private static bool IsPlausible(long createTime, DateTimeOffset at, DateTimeOffset now) =>
        createTime <= 99_999_999_999 && at >= Earliest && at <= now + FarAhead;
}
