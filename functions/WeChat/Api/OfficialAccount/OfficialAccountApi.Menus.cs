namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>The account has no menu.</summary>
    private const int NoMenu = 46003;

    /// <summary>
    /// <c>cgi-bin/menu/create</c>: replaces the default menu. Phones fetch it when what they know is older than 5 minutes.
    /// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html.
    /// </summary>
    /// <exception cref="ArgumentException">Over what <see cref="MenuLimits"/> allows.</exception>
    public Task<ApiResult> MenuCreate(AccountCredentials account, IReadOnlyList<MenuButton> buttons, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/menu/create", new MenuRequest(WithinLimits(buttons)), Types.MenuRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/menu/get</c>: the menus made by API; an empty one when there is none (46003).
    /// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_getmenu.html.
    /// </summary>
    public async Task<ApiResult<Menus>> MenuGet(AccountCredentials account, CancellationToken cancellation = default)
    {
        var found = await Get(account, "cgi-bin/menu/get", Types.Menus, cancellation).ConfigureAwait(false);
        return found.ErrCode == NoMenu ? ApiResult<Menus>.Success(new Menus { Menu = new Menu { Button = [] } }) : found;
    }

    /// <summary>
    /// <c>cgi-bin/menu/delete</c>: the default menu and all others.
    /// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_deletemenu.html.
    /// </summary>
    public async Task<ApiResult> MenuDelete(AccountCredentials account, CancellationToken cancellation = default) =>
        Status(await transport.Call(account, new ApiRequest("cgi-bin/menu/delete", Repeatable: true), cancellation).ConfigureAwait(false));

    /// <summary>
    /// <c>cgi-bin/menu/addconditional</c>: a menu for some, over the default menu, which must be there (65301); its id. 2,000 a day.
    /// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu.html.
    /// </summary>
    /// <exception cref="ArgumentException">Over what <see cref="MenuLimits"/> allows, or a rule without a condition.</exception>
    public async Task<ApiResult<string>> MenuAddConditional(
        AccountCredentials account, IReadOnlyList<MenuButton> buttons, MenuMatchRule rule, CancellationToken cancellation = default)
    {
        if (rule is not ({ TagId: not null } or { ClientPlatformType: not null })) throw new ArgumentException("A rule needs at least one condition.", nameof(rule));
        var made = await transport.Post(
            account, "cgi-bin/menu/addconditional", new MenuRequest(WithinLimits(buttons), rule), Types.MenuRequest, Types.MenuIdAnswer, repeatable: false, cancellation).ConfigureAwait(false);
        if (!made.Ok) return ApiResult<string>.Failure(made);
        return made.Required.Menuid is { } id ? ApiResult<string>.Success(id) : ApiResult<string>.Failure(ApiCall.Answer.Unreadable);
    }

    /// <summary>
    /// <c>cgi-bin/menu/delconditional</c>: one of those. 2,000 a day.
    /// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_deleteconditionalmenu.html.
    /// </summary>
    public Task<ApiResult> MenuDelConditional(AccountCredentials account, string menuId, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/menu/delconditional", new MenuIdRequest(Limits.Filled(menuId)), Types.MenuIdRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/menu/trymatch</c>: the menu that somebody sees, by openid or WeChat id. 20,000 a day.
    /// Rule: developers.weixin.qq.com/doc/service/api/custommenu/api_trymatchmenu.html.
    /// </summary>
    public Task<ApiResult<Menu>> MenuTryMatch(AccountCredentials account, string userId, CancellationToken cancellation = default) =>
        Ask(account, "cgi-bin/menu/trymatch", new MenuUserRequest(Limits.Filled(userId)), Types.MenuUserRequest, Types.Menu, cancellation);

    private static IReadOnlyList<MenuButton> WithinLimits(IReadOnlyList<MenuButton> buttons) =>
        MenuLimits.Faults(buttons) is { Count: > 0 } faults ? throw new ArgumentException(string.Join(' ', faults), nameof(buttons)) : buttons;
}
