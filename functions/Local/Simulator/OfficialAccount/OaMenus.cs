using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// The menu below the chat, for all and for some. Rules: developers.weixin.qq.com/doc/service/api/custommenu/*.
/// </summary>
public sealed class OaMenus(OaAccounts all) : IOaFamily
{
    private const string Default = "default";

    private static readonly Member[] ButtonMembers =
    [
        May("type", Text), Must("name", Text, 40018), May("key", Text), May("url", Text), May("media_id", Text), May("article_id", Text), May("appid", Text), May("pagepath", Text),
    ];

    private static readonly Shape Button = Fields([.. ButtonMembers, May("sub_button", ListOf(Fields([.. ButtonMembers, May("sub_button", ListOf(Fields(ButtonMembers)))])))]);
    private static readonly Member Buttons = Must("button", ListOf(Button), 40016);
    private static readonly Shape Conditional = Fields(Buttons, Must("matchrule", Fields(May("tag_id", Text), May("client_platform_type", Text)), 65305));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/menu/create", Fields(Buttons), Create) with { Daily = 1000 },
        Api.Get("cgi-bin/menu/get", Get) with { Daily = 10_000 },
        Api.Get("cgi-bin/menu/delete", Delete) with { Daily = 1000 },
        Api.Post("cgi-bin/menu/addconditional", Conditional, AddConditional) with { Daily = 2000 },
        Api.Post("cgi-bin/menu/delconditional", Fields(Must("menuid", Text)), DeleteConditional) with { Daily = 2000 },
        Api.Post("cgi-bin/menu/trymatch", Fields(Must("user_id", Text, 65309)), TryMatch) with { Daily = 20_000 },
        Api.Get("cgi-bin/get_current_selfmenu_info", Current) with { Daily = 10_000 },
    ];

    /// <summary>The buttons that a phone shows: of the menu in force, those that do something; null if the account has made none.</summary>
    public static IReadOnlyList<MenuButton>? OnPhone(OaState state)
    {
        if (state.Menus.Find(Default) is not { } menu) return null;
        using var json = JsonDocument.Parse(menu.Json);
        return [.. json.RootElement.Items("button").SelectMany(b => b.Items("sub_button") is { Count: > 0 } below ? below : [b])
            .Select(b => new MenuButton(b.Text("key"), b.Text("name")) { Url = b.TextOrNull("url") })];
    }

    private Reply Create(Call call)
    {
        if (MenuRules.Fault(call.Body.Items("button")) is { } fault) return fault;
        all.Of(call.Account).Menus.Put(new OaMenu(Default, call.Body.GetRawText()));
        return Reply.Ok;
    }

    private Reply AddConditional(Call call)
    {
        var state = all.Of(call.Account);
        if (state.Menus.Find(Default) is null) return Reply.Error(65303, "there is no default menu");
        if (MenuRules.Fault(call.Body.Items("button")) is { } fault) return fault;
        var rule = call.Body.GetProperty("matchrule");
        if (rule.Text("tag_id").Length == 0 && rule.Text("client_platform_type").Length == 0) return Reply.Error(65304, "match rule empty");
        if (rule.Text("tag_id") is { Length: > 0 } tag && state.Tags.Find(tag) is null) return Reply.Error(45159, "invalid tag");
        var id = state.Menus.All.Select(m => long.TryParse(m.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n + 1 : 0).Append(450_000_000L).Max().ToString(CultureInfo.InvariantCulture);
        state.Menus.Put(new OaMenu(id, call.Body.GetRawText()));
        return Reply.Of(new JsonObject { ["menuid"] = id });
    }

    private Reply Get(Call call)
    {
        var state = all.Of(call.Account);
        if (state.Menus.Find(Default) is not { } menu) return Reply.Error(46003, "menu no exist");
        var fields = new JsonObject { ["menu"] = JsonNode.Parse(menu.Json) };
        var conditional = state.Menus.All.Where(m => m.Id != Default).ToList();
        if (conditional.Count > 0) fields["conditionalmenu"] = Reply.List(conditional.Select(WithId));
        return Reply.Of(fields);
    }

    private Reply Current(Call call) => all.Of(call.Account).Menus.Find(Default) is { } menu
        ? Reply.Of(new JsonObject { ["is_menu_open"] = 1, ["selfmenu_info"] = JsonNode.Parse(menu.Json) })
        : Reply.Of(new JsonObject { ["is_menu_open"] = 0 });

    // With the menu go those that take its place for some.
    private Reply Delete(Call call)
    {
        var state = all.Of(call.Account);
        foreach (var menu in state.Menus.All.ToList()) state.Menus.Remove(menu.Id);
        return Reply.Ok;
    }

    private Reply DeleteConditional(Call call)
    {
        var (state, id) = (all.Of(call.Account), call.Body.Text("menuid"));
        if (id == Default || state.Menus.Find(id) is null) return Reply.Error(65301, "this menuid is not exist");
        state.Menus.Remove(id);
        return Reply.Ok;
    }

    // By openid; who goes by a WeChat id carries no tag here. The latest conditional menu that fits takes the place of the default.
    private Reply TryMatch(Call call)
    {
        var state = all.Of(call.Account);
        if (state.Menus.Find(Default) is not { } menu) return Reply.Error(46003, "menu no exist");
        var tags = state.Note(call.Body.Text("user_id")).Tags;
        var own = state.Menus.All.Where(m => m.Id != Default).OrderByDescending(m => m.Id, StringComparer.Ordinal)
            .FirstOrDefault(m => JsonNode.Parse(m.Json)!["matchrule"]?["tag_id"]?.GetValue<string>() is { } tag && tags.Any(t => t.ToString(CultureInfo.InvariantCulture) == tag));
        return Reply.Of(new JsonObject { ["button"] = JsonNode.Parse((own ?? menu).Json)!["button"]!.DeepClone() });
    }

    private static JsonNode WithId(OaMenu menu)
    {
        var json = JsonNode.Parse(menu.Json)!.AsObject();
        json["menuid"] = long.Parse(menu.Id, CultureInfo.InvariantCulture);
        return json;
    }
}
