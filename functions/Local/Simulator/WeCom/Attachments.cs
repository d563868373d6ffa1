using System.Text;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>What a welcome and a mass message consist of: a text, and up to nine attachments.</summary>
public static class Attachments
{
    /// <summary>Attachments of one message.</summary>
    public const int Most = 9;

    /// <summary>Bytes of its text.</summary>
    public const int MaxTextBytes = 4000;

    /// <summary>The members of a request that hold them.</summary>
    public static Member[] Members { get; } =
    [
        May("text", Fields(May("content", Text))),
        May("attachments", ListOf(Fields(
            Must("msgtype", Text, 41065), May("image", Fields(May("media_id", Text), May("pic_url", Text))), May("link", Fields(Must("title", Text), May("picurl", Text), May("desc", Text), Must("url", Text))),
            May("miniprogram", Fields(Must("title", Text), Must("pic_media_id", Text), Must("appid", Text), Must("page", Text))), May("video", Fields(Must("media_id", Text))), May("file", Fields(Must("media_id", Text)))))),
    ];

    /// <summary>The first thing that is wrong with them; null if nothing is.</summary>
    public static Reply? Fault(JsonElement body, string corpId, MediaStore media, DateTimeOffset now)
    {
        var (text, items) = (body.Member("text")?.Text("content") ?? "", body.Items("attachments"));
        if (text.Length == 0 && items.Count == 0) return Reply.Error(40063, "some parameters are empty, text and attachments");
        if (Encoding.UTF8.GetByteCount(text) > MaxTextBytes) return Reply.Error(40058, "invalid Request Parameter, text.content");
        if (items.Count > Most) return Reply.Error(41064, "attachment count exceed limit");
        foreach (var item in items)
        {
            var type = item.Text("msgtype");
            if (type is not ("image" or "link" or "miniprogram" or "video" or "file")) return Reply.Error(41065, "invalid attachment type");
            if (item.Member(type) is not { } content) return Reply.Error(40063, $"some parameters are empty, {type}");
            var (id, kind) = type == "miniprogram" ? (content.Text("pic_media_id"), "image") : (content.Text("media_id"), type);
            var needs = type is not "link" && !(type == "image" && content.Text("pic_url").Length > 0);
            if (needs && media.Find(corpId, id, kind, now) is null) return Reply.Error(40007, "invalid media_id");
        }

        return null;
    }

    /// <summary>What the customer sees of them.</summary>
    public static IEnumerable<PhoneMessage> Shown(JsonElement body, Account app, string id, string agent, DateTimeOffset now)
    {
        if (body.Member("text")?.Text("content") is { Length: > 0 } text) yield return new(app.Name, id, "text", text, null, now) { Agent = agent };
        foreach (var item in body.Items("attachments"))
        {
            var content = item.GetProperty(item.Text("msgtype"));
            yield return new(app.Name, id, item.Text("msgtype") == "miniprogram" ? "miniprogrampage" : item.Text("msgtype"), null, null, now)
            {
                Agent = agent, MediaId = content.TextOrNull("media_id"), ThumbMediaId = content.TextOrNull("pic_media_id"), Title = content.TextOrNull("title"), Description = content.TextOrNull("desc"),
                Url = content.TextOrNull("url"), PicUrl = content.TextOrNull("picurl") ?? content.TextOrNull("pic_url"), AppId = content.TextOrNull("appid"), PagePath = content.TextOrNull("page"),
            };
        }
    }
}
