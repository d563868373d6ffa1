using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using Xunit.Abstractions;

namespace CrmServerless.Tests.Contracts;

/// <summary>
/// What our client and whoever plays api.weixin.qq.com owe each other, by calls that change nothing: run against the
/// real platform it checks us, run against a simulator it checks that. An API that the account was not granted (48001, an
/// account that is not verified) has answered too: the output names it.
/// </summary>
public abstract class OfficialAccountContract(ITestOutputHelper output)
{
    private const int NotGranted = 48001;

    /// <summary>The client to test with, and for which account.</summary>
    protected abstract OfficialAccountUnderTest Subject { get; }

    private OfficialAccountApi Api => Subject.Api;

    private AccountCredentials Account => Subject.Account;

    [Fact]
    public async Task A_token_is_given_and_kept()
    {
        var token = await Subject.Tokens.Get(Account);
        Assert.True(token.Ok, $"{token}: {token.ErrMsg}");
        Assert.NotEmpty(token.Required);
        Assert.Equal(token.Required, (await Subject.Tokens.Get(Account)).Required);
    }

    [Fact]
    public async Task The_first_page_of_followers_is_as_long_as_it_says()
    {
        if (Value(await Api.UserGet(Account)) is not { } page) return;
        Assert.Equal(page.Count, page.Openids.Count);
        Assert.InRange(page.Count, 0, Math.Min(page.Total, OpenidPage.MostOpenids));
        // Of exactly one full page nobody can tell.
        if (page.Total != OpenidPage.MostOpenids) Assert.Equal(page.Total < OpenidPage.MostOpenids, page.IsLast);
        Assert.Equal(page.Openids.Count, page.Openids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task The_first_follower_is_known_by_the_same_openid()
    {
        if (Value(await Api.UserGet(Account)) is not { Openids: [var openid, ..] }) return;
        if (Value(await Api.UserInfo(Account, openid)) is { } one) IsFollower(one);
        if (Value(await Api.UserInfoBatchGet(Account, [openid])) is { } list) IsFollower(Assert.Single(list.Users));

        void IsFollower(UserInfo user)
        {
            Assert.Equal((openid, 1), (user.Openid, user.Subscribe));
            Assert.True(user.SubscribeTime > 0);
        }
    }

    [Fact]
    public async Task Tags_have_names_and_ids_of_their_own()
    {
        if (Value(await Api.TagsGet(Account)) is not { } list) return;
        Assert.All(list.Tags, tag => Assert.NotEmpty(tag.Name));
        Assert.Equal(list.Tags.Count, list.Tags.Select(t => t.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_menu_is_within_the_limits_that_we_keep()
    {
        if (Value(await Api.MenuGet(Account)) is not { Menu.Button: { Count: > 0 } buttons }) return;
        Assert.Empty(MenuLimits.Faults(buttons));
    }

    [Fact]
    public async Task A_quota_adds_up()
    {
        if (Value(await Api.QuotaGet(Account, "cgi-bin/user/info")) is not { Quota: var quota }) return;
        Assert.True(quota.DailyLimit > 0);
        Assert.InRange(quota.Remain, 0, quota.DailyLimit);
        Assert.True(quota.Used >= 0);
    }

    [Fact]
    public async Task Callbacks_come_from_some_address()
    {
        if (Value(await Api.GetCallbackIp(Account)) is not { } list) return;
        Assert.NotEmpty(list.Addresses);
        Assert.All(list.Addresses, address => Assert.True(System.Net.IPAddress.TryParse(address.Split('/')[0], out _), address));
    }

    [Fact]
    public async Task Customer_service_accounts_have_numbers()
    {
        if (Value(await Api.GetKfList(Account)) is not { } list) return;
        Assert.All(list.Accounts, one => Assert.NotNull(one.KfId));
    }

    [Fact]
    public async Task Somebody_who_does_not_exist_is_refused_by_the_code_for_that()
    {
        var nobody = await Api.UserInfo(Account, "o.nobody.is.called.like.this");
        if (nobody.ErrCode == NotGranted) return;
        Assert.Equal((40003, ApiFault.Recipient), (nobody.ErrCode, nobody.Fault));
    }

    private T? Value<T>(ApiResult<T> result)
        where T : class
    {
        if (result.Ok) return result.Required;
        output.WriteLine($"{typeof(T).Name}: {result.ErrCode} {result.ErrMsg}");
        Assert.Equal(NotGranted, result.ErrCode);
        return null;
    }
}

/// <summary>A client of its own: with its tokens, and gates that nothing has closed.</summary>
public sealed class OfficialAccountUnderTest : IDisposable
{
    private readonly HttpClient http;

    /// <param name="account">As it is registered where the calls go.</param>
    /// <param name="options">Where they go.</param>
    /// <param name="way">How they go there; null: over the network.</param>
    public OfficialAccountUnderTest(AccountCredentials account, WeChatApiOptions options, HttpMessageHandler? way = null)
    {
        http = way is null ? new HttpClient(WeChatHttp.Handler()) : new HttpClient(way);
        Account = account;
        var shared = new MemoryState();
        Tokens = new TokenCentre(http, shared, options, TimeProvider.System);
        var gates = new ApiGates(shared, options, TimeProvider.System);
        Api = new OfficialAccountApi(new WeChatTransport(http, Tokens, gates, options, TimeProvider.System));
    }

    public AccountCredentials Account { get; }

    public TokenCentre Tokens { get; }

    public OfficialAccountApi Api { get; }

    public void Dispose() => http.Dispose();
}
