namespace CrmServerless.Local.Simulator;

/// <summary>A message that arrived on a customer's phone, or in a colleague's WeCom.</summary>
/// <param name="Account">By which account.</param>
/// <param name="Openid">Whose phone: an openid, an external_userid, or with <see cref="Staff"/> a userid.</param>
/// <param name="Type">As the platform names it: text, image, news, msgmenu, template, ...</param>
/// <param name="Content">What a text says, and what stands above a menu.</param>
/// <param name="Articles">The cards of news.</param>
/// <param name="At">When.</param>
public sealed record PhoneMessage(
    string Account, string Openid, string Type, string? Content, IReadOnlyList<PhoneArticle>? Articles, DateTimeOffset At)
{
    /// <summary>It came to a colleague.</summary>
    public bool Staff { get; init; }

    /// <summary>Who at the desk, or which colleague, is seen as its sender.</summary>
    public string? Agent { get; init; }

    /// <summary>The picture, voice, video or file; <c>/simulator/media/{id}</c>.</summary>
    public string? MediaId { get; init; }

    /// <summary>The small picture beside it.</summary>
    public string? ThumbMediaId { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Url { get; init; }

    public string? PicUrl { get; init; }

    /// <summary>The mini program that a card opens.</summary>
    public string? AppId { get; init; }

    /// <summary>Where in it.</summary>
    public string? PagePath { get; init; }

    /// <summary>Items that the customer may tap.</summary>
    public IReadOnlyList<PhoneMenuItem>? Menu { get; init; }

    /// <summary>What stands below a menu.</summary>
    public string? Tail { get; init; }

    /// <summary>The lines of a template or subscribe message.</summary>
    public IReadOnlyList<PhoneField>? Fields { get; init; }
}

public sealed record PhoneArticle(string? Title, string? Description, string? Url, string? PicUrl);

/// <param name="Id">Comes back as bizmsgmenuid when it is tapped.</param>
/// <param name="Content">What is tapped, and what the customer says by it.</param>
public sealed record PhoneMenuItem(string Id, string Content);

public sealed record PhoneField(string Name, string Value);
