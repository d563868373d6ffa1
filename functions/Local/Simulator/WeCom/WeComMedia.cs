using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Temporary media of a company, for all its applications. Rules: developer.work.weixin.qq.com/document/path/90253 and 90254:
/// image 10 MB (JPG, PNG), voice 2 MB and 60 s (AMR), video 10 MB (MP4), file 20 MB; more than 5 bytes; three days.
/// </summary>
public sealed class WeComMedia(MediaStore media) : IWeComFamily
{
    private const int Mega = 1024 * 1024;
    private const int TooSmall = 5;

    // Bytes that are too many and their code; the content types that are taken and the code of others; any type where there are none.
    private static readonly Dictionary<string, (int MaxBytes, int TooLarge, int Other, string[] Takes)> Types = new(StringComparer.Ordinal)
    {
        ["image"] = (10 * Mega, 40009, 40123, ["image/png", "image/jpeg"]),
        ["voice"] = (2 * Mega, 301016, 301017, ["audio/amr"]),
        ["video"] = (10 * Mega, 40011, 40004, ["video/mp4"]),
        ["file"] = (20 * Mega, 45001, 0, []),
    };

    public IEnumerable<Api> Apis =>
    [
        new Api("cgi-bin/media/upload", null, call => Upload(call, call.Query("type") ?? "")) { Upload = true },
        new Api("cgi-bin/media/upload_attachment", null, Attachment) { Upload = true },
        new Api("cgi-bin/media/uploadimg", null, Picture) { Upload = true },
        Api.Get("cgi-bin/media/get", Get),
    ];

    // 1: of a moment, 2: of a product; developer.work.weixin.qq.com/document/path/95098.
    private Reply Attachment(Call call) =>
        call.Query("attachment_type") is "1" or "2" ? Upload(call, call.Query("media_type") ?? "") : Reply.Error(40058, "invalid Request Parameter, attachment_type");

    // For good, 2 MB; developer.work.weixin.qq.com/document/path/90256.
    private Reply Picture(Call call)
    {
        if (call.File is { Bytes.Length: > 2 * Mega }) return Reply.Error(40009, "invalid image size");
        var uploaded = Upload(call, "image");
        return uploaded.Code == 0 ? Reply.Done(new JsonObject { ["url"] = $"http://p.qpic.cn/pic_wework/sim/{uploaded.Fields["media_id"]}/0" }) : uploaded;
    }

    private Reply Upload(Call call, string type)
    {
        if (!Types.TryGetValue(type, out var rule)) return Reply.Error(40005, "invalid file type");
        if (call.File is not { Name: { } name } file) return Reply.Error(44001, "empty media data");
        if (file.Bytes.Length <= TooSmall) return Reply.Error(40006, "invalid file size");
        if (file.Bytes.Length > rule.MaxBytes) return Reply.Error(rule.TooLarge, $"invalid {type} size");
        var contentType = MediaKinds.Of(file.Bytes) ?? "application/octet-stream";
        if (rule.Takes.Length > 0 && !rule.Takes.Contains(contentType)) return Reply.Error(rule.Other, "invalid media type");
        if (type == "voice" && MediaKinds.Duration(file.Bytes) > TimeSpan.FromSeconds(60)) return Reply.Error(45007, "playtime out of limit");
        var medium = media.Add(call.Account.AppId, type, contentType, name, file.Bytes, call.Now);
        return Reply.Done(new JsonObject { ["type"] = type, ["media_id"] = medium.Id, ["created_at"] = MediaStore.CreatedAt(medium) });
    }

    private Reply Get(Call call)
    {
        if (call.Query("media_id") is not { } id) return Reply.Error(41006, "missing media_id");
        return media.Read(id, call.Now) is var (medium, bytes) && medium.Owner == call.Account.AppId
            ? Reply.Ok with { Blob = new Blob(bytes, medium.ContentType, medium.FileName) }
            : Reply.Error(40007, "invalid media_id");
    }
}
