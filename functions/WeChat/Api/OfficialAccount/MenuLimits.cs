using System.Text;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// What WeChat documents of a menu: 1 to 3 buttons with 1 to 5 under each, sizes in bytes of UTF-8, and what each type needs.
/// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html.
/// </summary>
public static class MenuLimits
{
    public const int Buttons = 3;

    public const int SubButtons = 5;

    /// <summary>Bytes of a name of the first level: 5 characters of Chinese.</summary>
    public const int NameBytes = 16;

    /// <summary>Bytes of a name of the second level.</summary>
    public const int SubNameBytes = 60;

    public const int KeyBytes = 128;

    public const int UrlBytes = 1024;

    /// <summary>What is wrong, where; empty: nothing.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<MenuButton> buttons)
    {
        ArgumentNullException.ThrowIfNull(buttons);
        var faults = new List<string>();
        if (buttons.Count is < 1 or > Buttons) faults.Add($"{buttons.Count} buttons; WeChat takes 1 to {Buttons}.");
        for (var i = 0; i < buttons.Count; i++) Check(buttons[i], $"Button {i + 1}", faults);
        return faults;
    }

    private static void Check(MenuButton button, string at, List<string> faults)
    {
        Size(button.Name, 1, NameBytes, $"{at}: name", faults);
        if (button.SubButton is not { Count: > 0 } children)
        {
            Action(button, at, faults);
            return;
        }

        if (children.Count > SubButtons) faults.Add($"{at}: {children.Count} buttons under it; WeChat takes {SubButtons}.");
        if (button.Type is not null) faults.Add($"{at}: either a type or buttons under it, not both.");
        for (var i = 0; i < children.Count; i++)
        {
            var child = $"{at}.{i + 1}";
            Size(children[i].Name, 1, SubNameBytes, $"{child}: name", faults);
            if (children[i].SubButton is { Count: > 0 }) faults.Add($"{child}: a third level; WeChat has two.");
            else Action(children[i], child, faults);
        }
    }

    private static void Action(MenuButton button, string at, List<string> faults)
    {
        switch (button.Type)
        {
            case "click" or "scancode_push" or "scancode_waitmsg" or "pic_sysphoto" or "pic_photo_or_album" or "pic_weixin" or "location_select":
                Size(button.Key, 1, KeyBytes, $"{at}: key", faults);
                break;
            case "view":
                Size(button.Url, 1, UrlBytes, $"{at}: url", faults);
                break;
            case "miniprogram":
                Size(button.Url, 1, UrlBytes, $"{at}: url", faults);
                Size(button.Appid, 1, int.MaxValue, $"{at}: appid", faults);
                Size(button.Pagepath, 1, int.MaxValue, $"{at}: pagepath", faults);
                break;
            case "media_id" or "view_limited":
                Size(button.MediaId, 1, int.MaxValue, $"{at}: media_id", faults);
                break;
            case "article_id" or "article_view_limited":
                Size(button.ArticleId, 1, int.MaxValue, $"{at}: article_id", faults);
                break;
            default:
                faults.Add($"{at}: no type that WeChat knows, and no buttons under it.");
                break;
        }
    }

    private static void Size(string? text, int least, int most, string what, List<string> faults)
    {
        var bytes = Encoding.UTF8.GetByteCount(text ?? "");
        if (bytes < least) faults.Add($"{what} is missing.");
        else if (bytes > most) faults.Add($"{what} of {bytes} bytes; WeChat takes {most}.");
    }
}
