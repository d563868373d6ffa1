using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Temporary media. Rules: developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html and
/// api_getmedia.html: image 10 MB, voice 2 MB and 60 s (AMR, MP3), video 10 MB (MP4), thumb 64 KB (JPG); three days.
/// </summary>
public sealed class OaMedia(MediaStore media) : IOaFamily
{
    private const int Mega = 1024 * 1024;

    // Bytes that are too many, their code, and the content types that are taken.
    private static readonly Dictionary<string, (int MaxBytes, int TooLarge, string[] Takes)> Types = new(StringComparer.Ordinal)
    {
        ["image"] = (10 * Mega, 40009, ["image/png", "image/jpeg", "image/gif", "image/bmp"]),
        ["voice"] = (2 * Mega, 40010, ["audio/amr", "audio/mpeg"]),
        ["video"] = (10 * Mega, 40011, ["video/mp4"]),
        ["thumb"] = (64 * 1024, 40012, ["image/jpeg"]),
    };

    public IEnumerable<Api> Apis =>
    [
        new Api("cgi-bin/media/upload", null, Upload) { Upload = true },
        Api.Get("cgi-bin/media/get", Get) with { Daily = 200_000 },
    ];

    private Reply Upload(Call call)
    {
        var type = call.Query("type") ?? "";
        if (!Types.TryGetValue(type, out var rule)) return Reply.Error(40004, "invalid media type");
        if (call.File is not { Name: { } name } file) return Reply.Error(41005, "media data missing");
        if (file.Bytes.Length == 0) return Reply.Error(44001, "empty media data");
        if (file.Bytes.Length > rule.MaxBytes) return Reply.Error(rule.TooLarge, $"invalid {type} size");
        if (MediaKinds.Of(file.Bytes) is not { } contentType || !rule.Takes.Contains(contentType)) return Reply.Error(40005, "invalid file type");
        if (MediaKinds.Duration(file.Bytes) > TimeSpan.FromSeconds(60)) return Reply.Error(45007, "playtime out of limit");
        var medium = media.Add(call.Account.Name, type, contentType, name, file.Bytes, call.Now);
        return Reply.Of(new JsonObject { ["type"] = type, [type == "thumb" ? "thumb_media_id" : "media_id"] = medium.Id, ["created_at"] = call.Now.ToUnixTimeSeconds() });
    }

    private Reply Get(Call call)
    {
        if (call.Query("media_id") is not { } id) return Reply.Error(41006, "media_id missing");
        // Also what customers have sent; of their own accord nobody reads another account's.
        if (media.Read(id, call.Now) is not var (medium, bytes) || (medium.Owner.Length > 0 && medium.Owner != call.Account.Name)) return Reply.Error(40007, "invalid media_id");
        return medium.Type == "video"
            ? Reply.Of(new JsonObject { ["video_url"] = $"http://mp.weixin.qq.com/simulator/media/{id}" })
            : Reply.Ok with { Blob = new Blob(bytes, medium.ContentType, medium.FileName) };
    }
}
