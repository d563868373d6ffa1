using System.Globalization;
using System.Xml.Linq;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator;

/// <summary>Something that a customer does on the phone.</summary>
public sealed record PhoneAct
{
    public string Account { get; set; } = "main";

    public string? Openid { get; init; }

    /// <summary>subscribe, unsubscribe, scan, click, view, text, image, voice, location, report_location or popup.</summary>
    public string? Act { get; init; }

    public string? Text { get; init; }

    public string? Scene { get; init; }

    /// <summary>The ticket of a code that is scanned, in place of a scene.</summary>
    public string? Ticket { get; init; }

    public string? Key { get; init; }

    /// <summary>The item of a menu message by which a text is said.</summary>
    public string? MenuId { get; init; }

    /// <summary>Of popup: the template that is asked about.</summary>
    public string? Template { get; init; }

    /// <summary>Of popup: whether the customer agrees.</summary>
    public bool? Accept { get; init; }

    public string? Url { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public string? Label { get; init; }

    /// <summary>How often WeChat delivers it, 1 to 10: more than once is a platform that did not hear our answer.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>timeout or error.</summary>
    public string? Retry { get; init; }
}

/// <summary>The XML that WeChat would send for an act, and its normalised kind.</summary>
public static class PhonePayloads
{
    /// <summary>Null if there is no such act.</summary>
    public static (string Kind, string Xml)? Of(Account account, PhoneAct act, DateTimeOffset now, long msgId)
    {
        string Message(string type, params XElement[] fields) => Xml(account, act.Openid!, now, type, [.. fields, new XElement("MsgId", msgId)]);
        string Event(string name, params XElement[] fields) => PhonePayloads.Event(account, act.Openid!, now, name, fields);
        XElement[] Place(string lat, string lon) => [Number(lat, act.Latitude ?? 31.2304), Number(lon, act.Longitude ?? 121.4737)];
        return act.Act switch
        {
            "text" => ("oa.message.text", Message("text", act.MenuId is { } item ? [Text("Content", act.Text ?? ""), Text("bizmsgmenuid", item)] : [Text("Content", act.Text ?? "")])),
            "image" => ("oa.message.image", Message("image", Text("PicUrl", "http://mmbiz.example.com/p"), Text("MediaId", "media-1"))),
            "voice" => ("oa.message.voice", Message("voice", Text("MediaId", "media-2"), Text("Format", "amr"))),
            "location" => ("oa.message.location", Message("location", [.. Place("Location_X", "Location_Y"), Text("Scale", "15"), Text("Label", act.Label ?? "上海市黄浦区人民广场")])),
            "subscribe" => ("oa.subscribe", Event("subscribe", act.Scene is { } s ? [Text("EventKey", "qrscene_" + s), Text("Ticket", act.Ticket ?? "ticket")] : [Text("EventKey", "")])),
            "unsubscribe" => ("oa.unsubscribe", Event("unsubscribe", Text("EventKey", ""))),
            "scan" => ("oa.scan", Event("SCAN", Text("EventKey", act.Scene ?? "store-042"), Text("Ticket", act.Ticket ?? "ticket"))),
            "click" => ("oa.menu.click", Event("CLICK", Text("EventKey", act.Key ?? ""))),
            "view" => ("oa.menu.view", Event("VIEW", Text("EventKey", act.Url ?? "https://example.com/"))),
            "report_location" => ("oa.location_report", Event("LOCATION", [.. Place("Latitude", "Longitude"), Text("Precision", "30.0")])),
            "popup" => ("oa.submsg.popup", Event("subscribe_msg_popup_event", new XElement("SubscribeMsgPopupEvent", new XElement("List",
                Text("TemplateId", act.Template ?? ""), Text("SubscribeStatusString", act.Accept == false ? "reject" : "accept"), Text("PopupScene", "0"))))),
            _ => null,
        };
    }

    /// <summary>What the phone shows of a passive reply; null if it is not for this customer or shows nothing, as a hand-over to the desk.</summary>
    public static PhoneMessage? Shown(Account account, string openId, string reply, DateTimeOffset now)
    {
        var root = XDocument.Parse(reply).Root!;
        string? Field(string name) => root.Element(name)?.Value;
        if (Field("ToUserName") != openId) return null;
        var type = Field("MsgType")!;
        var message = new PhoneMessage(account.Name, openId, type, null, null, now);
        return type switch
        {
            "text" when Field("Content") is { Length: > 0 } text => message with { Content = text },
            "news" => message with
            {
                Articles = [.. root.Descendants("item").Select(i => new PhoneArticle(i.Element("Title")?.Value, i.Element("Description")?.Value, i.Element("Url")?.Value, i.Element("PicUrl")?.Value))],
            },
            "image" or "voice" or "video" or "music" when root.Element(char.ToUpperInvariant(type[0]) + type[1..]) is { } medium => message with
            {
                MediaId = medium.Element("MediaId")?.Value, ThumbMediaId = medium.Element("ThumbMediaId")?.Value,
                Title = medium.Element("Title")?.Value, Description = medium.Element("Description")?.Value, Url = medium.Element("MusicUrl")?.Value,
            },
            "image" or "voice" or "video" or "music" => message,
            _ => null,
        };
    }

    /// <summary>An event as the account gets it.</summary>
    public static string Event(Account account, string openId, DateTimeOffset now, string name, params XElement[] fields) =>
        Xml(account, openId, now, "event", [Text("Event", name), .. fields]);

    public static XElement Text(string name, string value) => new(name, new XCData(value));

    private static string Xml(Account account, string openId, DateTimeOffset now, string type, IEnumerable<XElement> fields) =>
        new XElement("xml",
            Text("ToUserName", account.OriginalId ?? "gh_simulator"), Text("FromUserName", openId),
            new XElement("CreateTime", now.ToUnixTimeSeconds()), Text("MsgType", type), fields).ToString(SaveOptions.DisableFormatting);

    private static XElement Number(string name, double value) => new(name, value.ToString("F6", CultureInfo.InvariantCulture));
}
