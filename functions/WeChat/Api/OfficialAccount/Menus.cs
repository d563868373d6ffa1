using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A button of the menu; see <see cref="MenuLimits"/> for what may stand in it.</summary>
public sealed record MenuButton : WireRecord
{
    /// <summary>What a tap does; null for a button that only opens <see cref="SubButton"/>.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Type { get; init; }

    public required string Name { get; init; }

    /// <summary>Comes back in the event.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Key { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? Url { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? MediaId { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? ArticleId { get; init; }

    /// <summary>Of a mini program.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Appid { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? Pagepath { get; init; }

    /// <summary>The second level.</summary>
    public IReadOnlyList<MenuButton>? SubButton { get; init; }

    /// <summary>A tap is told to us as a CLICK event.</summary>
    public static MenuButton Click(string name, string key) => new() { Type = "click", Name = name, Key = key };

    /// <summary>A tap opens a web page.</summary>
    public static MenuButton View(string name, string url) => new() { Type = "view", Name = name, Url = url };

    /// <summary>A tap opens a mini program; <paramref name="url"/> is for phones that cannot.</summary>
    public static MenuButton MiniProgram(string name, string appId, string pagePath, string url) =>
        new() { Type = "miniprogram", Name = name, Appid = appId, Pagepath = pagePath, Url = url };

    /// <summary>scancode_push, scancode_waitmsg, pic_sysphoto, pic_photo_or_album, pic_weixin or location_select.</summary>
    public static MenuButton Action(string type, string name, string key) => new() { Type = type, Name = name, Key = key };

    /// <summary>Opens a second level.</summary>
    public static MenuButton Group(string name, params IReadOnlyList<MenuButton> buttons) => new() { Name = name, SubButton = buttons };
}

/// <summary>The menus of an account.</summary>
public sealed record Menus : WireRecord
{
    /// <summary>What everybody sees who matches no other; without buttons when there is none.</summary>
    public required Menu Menu { get; init; }

    /// <summary>The others, the last made first.</summary>
    [AllowNull]
    [JsonPropertyName("conditionalmenu")]
    public IReadOnlyList<Menu> Conditional { get; init => field = value ?? []; } = [];
}

/// <summary>One menu.</summary>
public sealed record Menu : WireRecord
{
    [AllowNull]
    public required IReadOnlyList<MenuButton> Button { get; init => field = value ?? []; }

    /// <summary>Who sees it; null: everybody.</summary>
    public MenuMatchRule? Matchrule { get; init; }

    /// <summary>Its id; null for the default menu of an account without others.</summary>
    [JsonConverter(typeof(TextOrNumber))]
    public string? Menuid { get; init; }
}

/// <summary>Who sees a menu. WeChat refuses sex, region and language since they are private (65320).</summary>
public sealed record MenuMatchRule : WireRecord
{
    /// <summary>Those with this tag; the one given last counts.</summary>
    [JsonConverter(typeof(TextOrNumber))]
    public string? TagId { get; init; }

    /// <summary>1 iOS, 2 Android, 3 others.</summary>
    [JsonConverter(typeof(TextOrNumber))]
    public string? ClientPlatformType { get; init; }
}

internal sealed record MenuRequest(IReadOnlyList<MenuButton> Button, MenuMatchRule? Matchrule = null) : WireRecord;

internal sealed record MenuIdRequest(string Menuid) : WireRecord;

internal sealed record MenuUserRequest(string UserId) : WireRecord;

internal sealed record MenuIdAnswer : WireRecord
{
    [JsonConverter(typeof(TextOrNumber))]
    public required string? Menuid { get; init; }
}
