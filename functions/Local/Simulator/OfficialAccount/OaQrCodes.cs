using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// QR codes with a scene. Rule: developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html:
/// temporary ones for up to 30 days with any 32-bit number but 0, permanent ones with 1 to 100,000, or 1 to 64 characters.
/// </summary>
public sealed class OaQrCodes(OaAccounts all) : IOaFamily
{
    /// <summary>Longest life of a temporary code, in seconds.</summary>
    public const int MaxExpireSeconds = 2_592_000;

    private const int StandardSeconds = 60;
    private const int MaxPermanent = 100_000;

    private static readonly Shape Asked = Fields(
        May("expire_seconds", Number), Must("action_name", Text, 40052), Must("action_info", Fields(Must("scene", Fields(May("scene_id", Number), May("scene_str", Text)), 40053)), 40053));

    public IEnumerable<Api> Apis => [Api.Post("cgi-bin/qrcode/create", Asked, Create)];

    /// <summary>What a scan of a code says; null if it is none of ours, or over.</summary>
    public static string? Scene(OaState state, string ticket, DateTimeOffset now) =>
        state.Tickets.Find(ticket) is { } code && (code.Until is null || now < code.Until) ? code.Scene : null;

    private Reply Create(Call call)
    {
        var (state, action) = (all.Of(call.Account), call.Body.Text("action_name"));
        var scene = call.Body.GetProperty("action_info").GetProperty("scene");
        var (id, text) = (scene.Number("scene_id"), scene.TextOrNull("scene_str"));
        var valid = action switch
        {
            "QR_SCENE" => id is >= 1 and <= uint.MaxValue && text is null,
            "QR_LIMIT_SCENE" => id is >= 1 and <= MaxPermanent && text is null,
            "QR_STR_SCENE" or "QR_LIMIT_STR_SCENE" => text is { Length: >= 1 and <= 64 } && id is null,
            _ => false,
        };
        if (action is not ("QR_SCENE" or "QR_STR_SCENE" or "QR_LIMIT_SCENE" or "QR_LIMIT_STR_SCENE")) return Reply.Error(40052, "invalid action name");
        if (!valid) return Reply.Error(40053, "invalid action info");
        var temporary = action is "QR_SCENE" or "QR_STR_SCENE";
        var seconds = call.Body.Number("expire_seconds") ?? StandardSeconds;
        if (temporary && seconds is < 1 or > MaxExpireSeconds) return Reply.Error(40053, "invalid action info, expire_seconds");
        if (!temporary && state.Tickets.All.Count(t => t.Until is null) >= MaxPermanent) return Reply.Error(45029, "qrcode count out of limit");
        foreach (var over in state.Tickets.All.Where(t => t.Until < call.Now).ToList()) state.Tickets.Remove(over.Ticket);
        var ticket = "gQ" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(66)) + "==";
        state.Tickets.Put(new QrTicket(ticket, text ?? id!.Value.ToString(CultureInfo.InvariantCulture), temporary ? call.Now.AddSeconds(seconds) : null));
        var fields = new JsonObject { ["ticket"] = ticket };
        if (temporary) fields["expire_seconds"] = seconds;
        fields["url"] = $"http://weixin.qq.com/q/{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
        return Reply.Of(fields);
    }
}
