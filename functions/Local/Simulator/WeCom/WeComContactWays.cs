using System.Text.Json;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Codes by which customers add colleagues (联系我). Rule: developer.work.weixin.qq.com/document/path/92228: 100 colleagues each
/// (41041), state of 30 characters, temporary ones for 14 days; codes 41037 to 41045, 41054.
/// </summary>
public sealed class WeComContactWays(Companies companies) : IWeComFamily
{
    /// <summary>Colleagues of one code.</summary>
    public const int MaxUsers = 100;

    private const int MaxState = 30;
    private const int MaxExpireSeconds = 14 * 24 * 3600;
    private const int MaxPage = 1000;

    private static readonly Member[] Changeable =
    [
        May("remark", Text), May("skip_verify", Flag), May("style", Number), May("state", Text), May("user", ListOf(Text)), May("party", ListOf(Number)), May("expires_in", Number), May("chat_expires_in", Number),
        May("unionid", Text), May("mark_source", Flag), May("conclusions", Fields(May("text", Fields(May("content", Text))), May("image", Fields(May("media_id", Text))),
            May("link", Fields(May("title", Text), May("picurl", Text), May("desc", Text), May("url", Text))), May("miniprogram", Fields(May("title", Text), May("pic_media_id", Text), May("appid", Text), May("page", Text))))),
    ];

    private static readonly Shape Added = Fields([Must("type", Number, 41037), Must("scene", Number, 41038), May("is_temp", Flag), May("is_exclusive", Flag), .. Changeable]);
    private static readonly Shape OneWay = Fields(Must("config_id", Text, 41043));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/add_contact_way", Added, Add),
        Api.Post("cgi-bin/externalcontact/get_contact_way", OneWay, Get),
        Api.Post("cgi-bin/externalcontact/list_contact_way", Fields(May("start_time", Number), May("end_time", Number), May("cursor", Text), May("limit", Number)), List),
        Api.Post("cgi-bin/externalcontact/update_contact_way", Fields([Must("config_id", Text, 41043), .. Changeable]), Update),
        Api.Post("cgi-bin/externalcontact/del_contact_way", OneWay, Delete),
        Api.Post("cgi-bin/externalcontact/close_temp_chat", Fields(Must("userid", Text, 41009), Must("external_userid", Text, 41035)), Close),
    ];

    private Reply Add(Call call)
    {
        var (company, body) = (companies.Of(call.Account), call.Body);
        if (body.Number("type") is not (1 or 2)) return Reply.Error(41039, "invalid contact way type");
        if (body.Number("scene") is not (1 or 2)) return Reply.Error(41040, "invalid contact way scene");
        if (Fault(company, body, body.Number("type") == 1) is { } fault) return fault;
        var way = new ContactWay(System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true), call.Account.Name, body.GetRawText(), call.Now);
        company.Ways.Put(way);
        var fields = new JsonObject { ["config_id"] = way.Id };
        if (body.Number("scene") == 2) fields["qr_code"] = QrCode(way);
        return Reply.Done(fields);
    }

    private Reply Get(Call call)
    {
        if (Find(call, out var way) is { } refusal) return refusal;
        var json = JsonNode.Parse(way!.Json)!.AsObject();
        json["config_id"] = way.Id;
        if (json["scene"]?.GetValue<int>() == 2) json["qr_code"] = QrCode(way);
        return Reply.Done(new JsonObject { ["contact_way"] = json });
    }

    private Reply List(Call call)
    {
        var (from, to) = (call.Body.Number("start_time") ?? 0, call.Body.Number("end_time") ?? long.MaxValue);
        var limit = call.Body.Number("limit") ?? 100;
        if (limit is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        // Temporary ones are not listed.
        var ways = companies.Of(call.Account).Ways.All.Where(w => w.By == call.Account.Name && w.At.ToUnixTimeSeconds() >= from && w.At.ToUnixTimeSeconds() <= to && !IsTemporary(w)).OrderBy(w => w.At);
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)limit, "contact_way", ways, w => new JsonObject { ["config_id"] = w.Id });
    }

    private Reply Update(Call call)
    {
        var company = companies.Of(call.Account);
        if (Find(call, out var way) is { } refusal) return refusal;
        var json = JsonNode.Parse(way!.Json)!.AsObject();
        if (Fault(company, call.Body, json["type"]!.GetValue<int>() == 1, partial: true) is { } fault) return fault;
        // Colleagues and departments take the place of those before; what is not named stays.
        foreach (var given in call.Body.EnumerateObject().Where(g => g.Name != "config_id")) json[given.Name] = JsonNode.Parse(given.Value.GetRawText());
        company.Ways.Put(way with { Json = json.ToJsonString() });
        return Reply.Ok;
    }

    private Reply Delete(Call call)
    {
        if (Find(call, out var way) is { } refusal) return refusal;
        companies.Of(call.Account).Ways.Remove(way!.Id);
        return Reply.Ok;
    }

    private Reply Close(Call call)
    {
        var company = companies.Of(call.Account);
        if (company.Working(call.Body.Text("userid")) is not { } staff) return Reply.Error(60111, "userid not found");
        return company.Relations.Find(Relation.Of(staff.UserId, call.Body.Text("external_userid"))) is null ? Reply.Error(84061, "not external contact") : Reply.Ok;
    }

    private Reply? Find(Call call, out ContactWay? way)
    {
        way = companies.Of(call.Account).Ways.Find(call.Body.Text("config_id"));
        return way?.By == call.Account.Name ? null : Reply.Error(41044, "invalid contact way config id");
    }

    private static Reply? Fault(Company company, JsonElement body, bool single, bool partial = false)
    {
        var (users, parties) = (body.Texts("user"), body.Numbers("party"));
        var named = body.Member("user") is not null || body.Member("party") is not null || !partial;
        if (body.Text("state").Length > MaxState) return Reply.Error(40058, "invalid Request Parameter, state");
        if (body.Number("expires_in") is < 1 or > MaxExpireSeconds || body.Number("chat_expires_in") is < 1 or > MaxExpireSeconds) return Reply.Error(40058, "invalid Request Parameter, expires_in");
        if (parties.Any(p => Company.Departments.All(d => d.Id != p))) return Reply.Error(60123, "invalid party id");
        if (users.Any(u => company.Working(u) is null)) return Reply.Error(40031, "some userid invalid");
        if (users.Any(u => !company.Working(u)!.Active)) return Reply.Error(41054, "the user is not activated");
        if (users.Any(u => !company.Working(u)!.Contacts)) return Reply.Error(84074, "no permission of external contact");
        var people = users.Count + company.Followers.Count(s => s.Departments.Any(d => parties.Contains(d)));
        if (people > MaxUsers) return Reply.Error(41041, "contact way user count exceed limit");
        if (named && (single ? users.Count != 1 || parties.Count > 0 : people == 0)) return Reply.Error(40058, "invalid Request Parameter, user");
        return null;
    }

    private static bool IsTemporary(ContactWay way) => JsonNode.Parse(way.Json)!["is_temp"]?.GetValue<bool>() == true;

    private static string QrCode(ContactWay way) => $"https://wework.qpic.cn/wwpic/sim_{way.Id}/0";
}
