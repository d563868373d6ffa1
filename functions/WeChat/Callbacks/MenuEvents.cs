namespace CrmServerless.WeChat.Callbacks;

/// <summary>A click on a menu button with a key (at most 128 bytes).</summary>
public sealed record MenuClickEvent(string MenuKey) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuClick;

    internal static MenuClickEvent Read(CallbackFields fields) => new(fields.Control("EventKey"));
}

/// <summary>A click on a menu button with a link. <paramref name="MenuId"/> is set for conditional menus.</summary>
public sealed record MenuViewEvent(string Url, string? MenuId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuView;

    internal static MenuViewEvent Read(CallbackFields fields) => new(fields.Control("EventKey"), fields.Optional("MenuId"));
}
