using System.Text;
using System.Text.Json;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// What a menu may look like: three buttons with five below each. Rule:
/// developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html; codes 40016 to 40027.
/// </summary>
public static class MenuRules
{
    private const int MaxKeyBytes = 128;
    private const int MaxUrlBytes = 1024;

    // The top level's codes, and the codes below it, where they have numbers of their own.
    private static readonly Level Top = new(40016, 1, 3, 40017, 40018, 16, 40019, 40020);
    private static readonly Level Below = new(40023, 1, 5, 40024, 40025, 60, 40026, 40027);

    private static readonly string[] ByKey =
        ["click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"];

    /// <summary>The first that is wrong; null if nothing is.</summary>
    public static Reply? Fault(IReadOnlyList<JsonElement> buttons) => Fault(buttons, Top);

    private static Reply? Fault(IReadOnlyList<JsonElement> buttons, Level level)
    {
        if (buttons.Count < level.Fewest || buttons.Count > level.Most) return Reply.Error(level.Count, "invalid button size");
        foreach (var button in buttons)
        {
            if (button.Text("name") is not { Length: > 0 } name || Bytes(name) > level.NameBytes) return Reply.Error(level.Name, "invalid button name size");
            if (button.Items("sub_button") is { Count: > 0 } below)
            {
                if (level == Below) return Reply.Error(40022, "invalid sub button level");
                if (Fault(below, Below) is { } fault) return fault;
            }
            else if (Act(button, level) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static Reply? Act(JsonElement button, Level level)
    {
        var type = button.Text("type");
        var (key, url) = (button.Text("key"), button.Text("url"));
        return type switch
        {
            _ when ByKey.Contains(type) => key.Length == 0 || Bytes(key) > MaxKeyBytes ? Reply.Error(level.Key, "invalid button key size") : null,
            "view" => UrlFault(url, level),
            "miniprogram" => button.Text("appid").Length == 0 || button.Text("pagepath").Length == 0 ? Reply.Error(level.Key, "invalid button key size") : UrlFault(url, level),
            "media_id" or "view_limited" => button.Text("media_id").Length == 0 ? Reply.Error(40007, "invalid media_id") : null,
            "article_id" or "article_view_limited" => button.Text("article_id").Length == 0 ? Reply.Error(40007, "invalid media_id") : null,
            _ => Reply.Error(level.Type, "invalid button type"),
        };
    }

    private static Reply? UrlFault(string url, Level level)
    {
        if (url.Length == 0 || Bytes(url) > MaxUrlBytes) return Reply.Error(level.Url, "invalid button url size");
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? null : Reply.Error(level == Top ? 40055 : 40054, "invalid button url domain");
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private sealed record Level(int Count, int Fewest, int Most, int Type, int Name, int NameBytes, int Key, int Url);
}
