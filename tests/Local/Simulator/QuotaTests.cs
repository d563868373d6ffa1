using CrmServerless.Local.Simulator;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Quotas and the profiles of a bad day: fact sheet F.1, F.3, F.4 (45009, 45011, 48006).</summary>
public sealed class QuotaTests : IDisposable
{
    private const string Get = "cgi-bin/tags/get";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_day_s_calls_are_counted_per_API_and_account_and_open_again_at_midnight_in_China()
    {
        rig.Profile(new ProfileOrder { Account = "main", Api = Get, DailyLimit = 2 });
        Assert.Equal([0, 0, 45009], await Codes(3));
        Assert.Equal(0, (await rig.Oa(Get, account: "other")).Code);
        Assert.Equal(0, (await rig.Oa("cgi-bin/menu/delete")).Code);
        rig.Clock.Advance(new DateTimeOffset(2026, 6, 1, 15, 59, 59, TimeSpan.Zero) - rig.Clock.GetUtcNow());
        Assert.Equal(45009, (await rig.Oa(Get)).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await rig.Oa(Get)).Code);
    }

    [Fact]
    public async Task A_minute_s_calls_are_45011_until_the_next_minute()
    {
        rig.Profile(new ProfileOrder { Account = "main", Api = Get, MinuteLimit = 2 });
        Assert.Equal([0, 0, 45011], await Codes(3));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([0, 0, 45011], await Codes(3));
    }

    [Fact]
    public async Task The_quota_profile_closes_the_next_call_and_the_account_is_told_the_truth()
    {
        await Codes(3);
        Assert.Equal(("1000", "3", "997"), await Told());
        rig.Profile(new ProfileOrder { Account = "main", Api = Get, Profile = ProfileKind.Quota });
        Assert.Equal(45009, (await rig.Oa(Get)).Code);
        Assert.Equal(("1000", "1000", "0"), await Told());
        Assert.Single(rig.Get<ProfileEndpoints>().InForce);
        rig.Clock.Advance(TimeSpan.FromHours(14));
        Assert.Equal(0, (await rig.Oa(Get)).Code);
        Assert.Empty(rig.Get<ProfileEndpoints>().InForce);
    }

    [Fact]
    public async Task Clearing_opens_everything_and_can_be_done_ten_times_a_month()
    {
        for (var n = 0; n < 10; n++)
        {
            rig.Profile(new ProfileOrder { Profile = ProfileKind.Quota });
            Assert.Equal(45009, (await rig.Oa(Get)).Code);
            Assert.Equal(0, (await Clear()).Code);
            Assert.Equal(0, (await rig.Oa(Get)).Code);
        }

        Assert.Equal(48006, (await Clear()).Code);
        rig.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(0, (await Clear()).Code);
    }

    [Fact]
    public async Task Clearing_by_the_secret_needs_no_token()
    {
        Assert.Equal(0, (await rig.OaRaw("POST", "cgi-bin/clear_quota/v2?appid=wx0000000000000001&appsecret=secret-of-main", "{}")).Code);
        Assert.Equal(40125, (await rig.OaRaw("POST", "cgi-bin/clear_quota/v2?appid=wx0000000000000001&appsecret=wrong", "{}")).Code);
        Assert.Equal(40013, (await rig.Oa("cgi-bin/clear_quota", new { appid = "wx0000000000000002" })).Code);
    }

    [Theory]
    [InlineData("cgi-bin/tags/get", 76003)]
    [InlineData("/cgi-bin/no/such", 76021)]
    public async Task A_quota_is_asked_for_by_path(string path, int code) => Assert.Equal(code, (await rig.Oa("cgi-bin/openapi/quota/get", new { cgi_path = path })).Code);

    [Theory]
    [InlineData("cgi-bin/user/get", 500)]
    [InlineData("cgi-bin/user/info", 5_000_000)]
    [InlineData("cgi-bin/message/custom/send", 500_000)]
    [InlineData("cgi-bin/message/template/send", 100_000)]
    [InlineData("cgi-bin/menu/create", 1000)]
    [InlineData("cgi-bin/media/get", 200_000)]
    public async Task Each_API_has_its_documented_day(string path, int limit) =>
        Assert.Equal(limit, (await rig.Oa("cgi-bin/openapi/quota/get", new { cgi_path = "/" + path })).Json.GetProperty("quota").GetProperty("daily_limit").GetInt32());

    [Fact]
    public async Task WeCom_closes_an_API_for_a_minute_after_ten_thousand_calls_of_the_company()
    {
        const string List = "cgi-bin/externalcontact/get_follow_user_list";
        var (work, second) = (await rig.CorpToken(), await rig.CorpToken("second"));
        for (var n = 0; n < 10_000; n++) Assert.Equal(200, (await rig.CorpRaw("GET", $"{List}?access_token={(n % 2 == 0 ? work : second)}")).Status);
        Assert.Equal(45009, (await rig.Corp(List)).Code);
        Assert.Equal(0, (await rig.Corp("cgi-bin/department/list")).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(45009, (await rig.Corp(List)).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await rig.Corp(List)).Code);
    }

    [Fact]
    public async Task A_used_up_quota_of_WeCom_opens_after_a_minute()
    {
        rig.Profile(new ProfileOrder { Account = "work", Profile = ProfileKind.Quota });
        Assert.Equal(45009, (await rig.Corp("cgi-bin/department/list")).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, (await rig.Corp("cgi-bin/department/list")).Code);
    }

    private async Task<List<int>> Codes(int calls)
    {
        var codes = new List<int>();
        for (var n = 0; n < calls; n++) codes.Add((await rig.Oa(Get)).Code);
        return codes;
    }

    private async Task<(string Limit, string Used, string Remain)> Told()
    {
        var quota = (await rig.Oa("cgi-bin/openapi/quota/get", new { cgi_path = "/" + Get })).Json.GetProperty("quota");
        return (quota.GetProperty("daily_limit").ToString(), quota.GetProperty("used").ToString(), quota.GetProperty("remain").ToString());
    }

    private Task<Answer> Clear() => rig.Oa("cgi-bin/clear_quota", new { appid = "wx0000000000000001" });
}
