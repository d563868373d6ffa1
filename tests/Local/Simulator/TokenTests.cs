using CrmServerless.Local.Simulator;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Tokens: fact sheet F.1 (token, stable_token) and F.3 (gettoken).</summary>
public sealed class TokenTests : IDisposable
{
    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_stable_token_stays_the_same_and_its_time_runs()
    {
        var first = await Stable();
        rig.Clock.Advance(TimeSpan.FromHours(1));
        var second = await Stable();
        Assert.Equal(first["access_token"], second["access_token"]);
        Assert.Equal(("7200", "3600"), (first["expires_in"], second["expires_in"]));
    }

    [Fact]
    public async Task Within_its_last_five_minutes_there_is_a_new_one_and_both_are_good()
    {
        var first = (await Stable())["access_token"];
        rig.Clock.Advance(TimeSpan.FromMinutes(115));
        var second = (await Stable())["access_token"];
        Assert.NotEqual(first, second);
        Assert.Equal((0, 0), (await Ask(first), await Ask(second)));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((42001, 0), (await Ask(first), await Ask(second)));
    }

    [Fact]
    public async Task A_forced_renewal_kills_the_old_token_at_once()
    {
        var old = (await Stable())["access_token"];
        var next = (await Stable(force: true))["access_token"];
        Assert.NotEqual(old, next);
        Assert.Equal((40001, 0), (await Ask(old), await Ask(next)));
    }

    [Fact]
    public async Task Forced_renewals_are_30_seconds_apart_and_20_a_day()
    {
        Assert.Equal(0, (await Stable(force: true)).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(45011, (await Stable(force: true)).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var n = 2; n <= 20; n++)
        {
            Assert.Equal(0, (await Stable(force: true)).Code);
            rig.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(45009, (await Stable(force: true)).Code);
        rig.Clock.Advance(TimeSpan.FromHours(14)); // past midnight in China
        Assert.Equal(0, (await Stable(force: true)).Code);
    }

    [Fact]
    public async Task Each_call_of_token_voids_the_token_before_after_five_minutes_and_not_the_stable_one()
    {
        var stable = (await Stable())["access_token"];
        var first = (await Plain())["access_token"];
        var second = (await Plain())["access_token"];
        Assert.NotEqual(first, second);
        Assert.Equal((0, 0), (await Ask(first), await Ask(second)));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((40001, 0, 0), (await Ask(first), await Ask(second), await Ask(stable)));
    }

    [Theory]
    [InlineData("client_credential", "wx0000000000000001", "wrong", 40125)]
    [InlineData("client_credential", "wx0000000000000009", "secret-of-main", 40013)]
    [InlineData("client_credential", "ww0000000000000001", "secret-of-work", 40013)]
    [InlineData("password", "wx0000000000000001", "secret-of-main", 40002)]
    public async Task A_call_for_a_token_is_checked(string grant, string appId, string secret, int code)
    {
        Assert.Equal(code, (await rig.OaRaw("POST", "cgi-bin/stable_token", $$"""{"grant_type":"{{grant}}","appid":"{{appId}}","secret":"{{secret}}"}""")).Code);
        Assert.Equal(code, (await rig.OaRaw("GET", $"cgi-bin/token?grant_type={grant}&appid={appId}&secret={secret}")).Code);
    }

    [Fact]
    public async Task The_2001st_token_of_a_day_is_45009()
    {
        for (var n = 0; n < 2000; n++) Assert.Equal(0, (await Plain()).Code);
        Assert.Equal(45009, (await Plain()).Code);
        Assert.Equal(0, (await Stable()).Code);
    }

    [Fact]
    public async Task WeCom_gives_each_application_a_token_of_its_own_and_the_same_one_while_it_is_valid()
    {
        var (work, second) = (await rig.CorpToken(), await rig.CorpToken("second"));
        Assert.NotEqual(work, second);
        rig.Clock.Advance(TimeSpan.FromHours(1.9));
        Assert.Equal(work, await rig.CorpToken());
        rig.Clock.Advance(TimeSpan.FromHours(0.1));
        Assert.NotEqual(work, await rig.CorpToken());
    }

    [Theory]
    [InlineData("corpid=ww0000000000000001&corpsecret=wrong", 40001)]
    [InlineData("corpid=ww0000000000000009&corpsecret=secret-of-work", 40013)]
    [InlineData("corpsecret=secret-of-work", 41002)]
    [InlineData("corpid=ww0000000000000001", 41004)]
    public async Task A_call_for_a_company_s_token_is_checked(string query, int code) => Assert.Equal(code, (await rig.CorpRaw("GET", "cgi-bin/gettoken?" + query)).Code);

    [Fact]
    public async Task Many_wrong_secrets_ban_the_address_for_an_hour()
    {
        const string Wrong = "cgi-bin/gettoken?corpid=ww0000000000000001&corpsecret=wrong";
        for (var n = 0; n < 10; n++) Assert.Equal(40001, (await rig.CorpRaw("GET", Wrong)).Code);
        Assert.Equal(45009, (await rig.CorpRaw("GET", Wrong)).Code);
        Assert.Equal(45009, (await rig.CorpRaw("GET", "cgi-bin/gettoken?corpid=ww0000000000000001&corpsecret=secret-of-work")).Code);
        rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotEmpty(await rig.CorpToken());
    }

    [Fact]
    public async Task The_platforms_may_end_a_token_early()
    {
        var (oa, corp) = ((await Stable())["access_token"], await rig.CorpToken());
        rig.Profile(new ProfileOrder { Account = "main", RevokeTokens = true });
        rig.Profile(new ProfileOrder { Account = "work", RevokeTokens = true });
        Assert.Equal(40001, await Ask(oa));
        Assert.Equal(40014, (await rig.CorpRaw("GET", "cgi-bin/department/list?access_token=" + corp)).Code);
        Assert.Equal(0, await Ask((await Stable())["access_token"]));
    }

    private Task<Answer> Stable(bool force = false) => rig.OaRaw("POST", "cgi-bin/stable_token",
        $$"""{"grant_type":"client_credential","appid":"wx0000000000000001","secret":"secret-of-main","force_refresh":{{(force ? "true" : "false")}}}""");

    private Task<Answer> Plain() => rig.OaRaw("GET", "cgi-bin/token?grant_type=client_credential&appid=wx0000000000000001&secret=secret-of-main");

    private async Task<int> Ask(string token) => (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=" + token)).Code;
}
