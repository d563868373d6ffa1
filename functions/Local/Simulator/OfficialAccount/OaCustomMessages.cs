using System.Text;
using System.Text.Json;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Customer-service messages of all types, and the sign that somebody is typing. Rules:
/// developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html and api_typing.html.
/// </summary>
public sealed class OaCustomMessages(OaAccounts all, MediaStore media) : IOaFamily
{
    /// <summary>Bytes of a text.</summary>
    public const int MaxTextBytes = 2048;

    /// <summary>How long ago the customer may have written for the desk to be seen typing.</summary>
    private static readonly TimeSpan TypingAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long the sign is shown.</summary>
    private static readonly TimeSpan TypingFor = TimeSpan.FromSeconds(15);

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/message/custom/send", AnyObject, Send) with { Daily = 500_000 },
        Api.Post("cgi-bin/message/custom/typing", Fields(Must("touser", Text, 40003), Must("command", Text, 45072)), Type) with { Daily = 500_000 },
    ];

    private Reply Send(Call call)
    {
        var (state, body, type) = (all.Of(call.Account), call.Body, call.Body.Text("msgtype"));
        if (CustomMessageShapes.Of(type) is not { } shape) return Reply.Error(40008, "invalid message type");
        // Only now is it known what the body should look like.
        if (shape.Check(body, "") is { } misfit) return Reply.Error(misfit.Code == 0 ? 47001 : misfit.Code, $"data format error, {misfit.Text}");
        var openId = body.Text("touser");
        if (!OaAccounts.IsOpenId(openId) || !all.IsOurs(state, openId)) return Reply.Error(40003, "invalid openid");
        if (ContentFault(type, body.GetProperty(type), call) is { } fault) return fault;
        var desk = body.Member("customservice")?.Text("kf_account");
        if (desk is not null && state.Desk.Find(desk) is null) return Reply.Error(65401, "invalid custom service account");
        if (state.Note(openId).Blocked) return Reply.Error(43019, "require remove blacklist");
        var refusal = all.Take(state, openId, call.Now);
        if (refusal == SimulatedFollowers.CountExceeded) return Reply.Error(refusal, "out of response count limit");
        if (refusal != 0) return Reply.Error(refusal, "response out of time limit or subscription is canceled");
        var message = CustomMessageReading.Read(call, openId, type, body.GetProperty(type)) with { Agent = state.Desk.Find(desk ?? "")?.Nick };
        call.Deliver(message);
        state.Typing.Remove(openId);
        if (desk is not null) state.Record(new DeskRecord(openId, 2002, message.Content ?? $"[{type}]", call.Now, desk));
        return Reply.Ok;
    }

    private Reply? ContentFault(string type, JsonElement content, Call call)
    {
        bool Has(string field, string kind) => media.Find(call.Account.Name, content.Text(field), kind, call.Now) is not null;
        return type switch
        {
            "text" when content.Text("content").Length == 0 => Reply.Error(44004, "empty content"),
            "text" when Encoding.UTF8.GetByteCount(content.Text("content")) > MaxTextBytes => Reply.Error(45002, "content size out of limit"),
            "news" when content.Items("articles").Count == 0 => Reply.Error(44003, "empty news data"),
            "news" when content.Items("articles").Count > 1 => Reply.Error(45008, "article size out of limit"),
            "msgmenu" when content.Items("list").Count == 0 => Reply.Error(47001, "data format error, msgmenu.list is empty"),
            "image" or "voice" when !Has("media_id", type) => Reply.Error(40007, "invalid media_id"),
            "video" when !Has("media_id", "video") || !Has("thumb_media_id", "thumb") => Reply.Error(40007, "invalid media_id"),
            "music" or "miniprogrampage" when !Has("thumb_media_id", "thumb") && !Has("thumb_media_id", "image") => Reply.Error(40007, "invalid media_id"),
            // Articles made in the console are not played: there are none.
            "mpnews" => Reply.Error(40007, "invalid media_id"),
            _ => null,
        };
    }

    private Reply Type(Call call)
    {
        var (state, openId, command) = (all.Of(call.Account), call.Body.Text("touser"), call.Body.Text("command"));
        if (!OaAccounts.IsOpenId(openId) || !all.IsOurs(state, openId)) return Reply.Error(40003, "invalid openid");
        if (command is not ("Typing" or "CancelTyping")) return Reply.Error(45072, "invalid command");
        if (command == "CancelTyping")
        {
            state.Typing.Remove(openId);
            return Reply.Ok;
        }

        var follower = all.Follower(state, openId, call.Now);
        if (!(call.Now - follower.MessageAt < TypingAfter || call.Now - follower.EventAt < TypingAfter)) return Reply.Error(45080, "need interaction within 30s before typing");
        if (state.Typing.TryGetValue(openId, out var until) && call.Now < until) return Reply.Error(45081, "already in typing state");
        state.Typing[openId] = call.Now + TypingFor;
        return Reply.Ok;
    }
}
