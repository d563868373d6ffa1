using CrmServerless.Local.Simulator;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Bad days of WeChat's, each as it is asked for.</summary>
public sealed class ProfileTests : IDisposable
{
    private const string Api = "cgi-bin/tags/get";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Slow_answers_after_one_to_four_seconds_of_the_clock()
    {
        await rig.OaToken(); // what a first call writes is not part of this
        rig.Profile(new ProfileOrder { Account = "main", Api = Api, Profile = ProfileKind.Slow, Seed = 1 });
        var answer = rig.Oa(Api);
        using (var limit = new CancellationTokenSource(Patience.Limit))
            while (rig.Clock.Waiting == 0 && !answer.IsCompleted) await Task.Delay(1, limit.Token);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.9));
        await Task.Yield();
        Assert.False(answer.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(3.1));
        Assert.Equal(0, (await answer.InTime()).Code);
        Assert.Equal(0, (await rig.Oa("cgi-bin/menu/delete")).Code); // another API is not slow
    }

    [Fact]
    public async Task Down_answers_nothing_or_503_and_does_nothing()
    {
        var token = await rig.OaToken();
        rig.Profile(new ProfileOrder { Account = "main", Profile = ProfileKind.Down, Seed = 1 });
        var answers = new List<Answer>();
        for (var n = 0; n < 40; n++) answers.Add(await rig.OaRaw("POST", "cgi-bin/tags/create?access_token=" + token, $$$"""{"tag":{"name":"t{{{n}}}"}}"""));
        Assert.All(answers, a => Assert.True(a.Cut || (a.Status == 503 && a.ContentType == "text/html")));
        Assert.Contains(answers, a => a.Cut);
        Assert.Contains(answers, a => a.Status == 503);
        Assert.Empty(rig.State.Tags.All);
        // Tokens are as little to be had.
        Assert.True(await rig.OaRaw("POST", "cgi-bin/stable_token", """{"grant_type":"client_credential","appid":"wx0000000000000001","secret":"secret-of-main"}""") is { Cut: true } or { Status: 503 });
        Assert.NotEmpty(await rig.OaToken("other"));
    }

    [Fact]
    public async Task Flaky_is_busy_shows_a_proxy_s_page_or_cuts_the_line_after_the_work()
    {
        var token = await rig.OaToken();
        rig.Profile(new ProfileOrder { Account = "main", Profile = ProfileKind.Flaky, Busy = 0.2, BadGateway = 0.2, Cut = 0.2, Seed = 7 });
        var (busy, html, cut, good) = (0, 0, 0, 0);
        for (var n = 0; n < 100; n++)
        {
            var answer = await rig.OaRaw("POST", "cgi-bin/tags/create?access_token=" + token, $$$"""{"tag":{"name":"t{{{n}}}"}}""");
            if (answer.Cut) cut++;
            else if (answer.Status == 502) html++;
            else if (answer.Code == -1) busy++;
            else good++;
        }

        Assert.All([busy, html, cut], n => Assert.InRange(n, 8, 35));
        // What was cut off has happened all the same.
        Assert.Equal(good + cut, rig.State.Tags.Count);
    }

    [Fact]
    public async Task The_question_that_tries_whether_WeChat_answers_meets_them_too()
    {
        const string Question = "cgi-bin/get_api_domain_ip";
        Assert.Equal((0, 0), ((await rig.Oa(Question)).Code, (await rig.Corp(Question)).Code));
        var (oa, corp) = (await rig.OaToken(), await rig.CorpToken());
        rig.Profile(new ProfileOrder { Profile = ProfileKind.Down, Seed = 1 });
        Assert.True(await rig.OaRaw("GET", $"{Question}?access_token={oa}") is { Cut: true } or { Status: 503 });
        Assert.True(await rig.CorpRaw("GET", $"{Question}?access_token={corp}") is { Cut: true } or { Status: 503 });
        rig.Profile(new ProfileOrder { Profile = ProfileKind.Flaky, Busy = 1, BadGateway = 0, Cut = 0 });
        Assert.Equal(-1, (await rig.OaRaw("GET", $"{Question}?access_token={oa}")).Code);
        Assert.Equal(-1, (await rig.CorpRaw("GET", $"{Question}?access_token={corp}")).Code);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults()
    {
        async Task<string> Play()
        {
            rig.Profile(new ProfileOrder { Profile = ProfileKind.Flaky, Busy = 0.3, BadGateway = 0.3, Cut = 0.3, Seed = 42 });
            var seen = "";
            for (var n = 0; n < 30; n++)
            {
                var answer = await rig.CorpRaw("GET", "cgi-bin/getcallbackip");
                seen += answer.Cut ? 'c' : answer.Status == 502 ? 'h' : answer.Code == -1 ? 'b' : '.';
            }

            return seen;
        }

        Assert.Equal(await Play(), await Play());
    }

    [Fact]
    public async Task The_narrower_profile_counts_and_normal_ends_what_is_narrower()
    {
        var token = await rig.OaToken();
        rig.Profile(new ProfileOrder { Account = "main", Profile = ProfileKind.Down });
        rig.Profile(new ProfileOrder { Account = "main", Api = Api, Profile = ProfileKind.Normal });
        Assert.Equal(0, (await rig.OaRaw("GET", $"{Api}?access_token={token}")).Code);
        Assert.True(await rig.OaRaw("GET", $"cgi-bin/menu/get?access_token={token}") is { Cut: true } or { Status: 503 });
        rig.Profile(new ProfileOrder { Profile = ProfileKind.Normal });
        Assert.Equal(46003, (await rig.OaRaw("GET", $"cgi-bin/menu/get?access_token={token}")).Code);
        Assert.Empty(rig.Get<ProfileEndpoints>().InForce);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("nobody", null, false)]
    [InlineData("main", 2.0, false)]
    [InlineData(null, 0.5, true)]
    public void An_order_that_cannot_be_meant_is_refused(string? account, double? busy, bool good) =>
        Assert.Equal(good, new ProfileOrder { Account = account, Busy = busy, Profile = ProfileKind.Flaky }.Fault(SimulatorRig.Accounts) is null);

    [Fact]
    public void What_concerns_one_account_names_it()
    {
        Assert.NotNull(new ProfileOrder { Listed = false }.Fault(SimulatorRig.Accounts));
        Assert.NotNull(new ProfileOrder { Followers = 5 }.Fault(SimulatorRig.Accounts));
        Assert.NotNull(new ProfileOrder { Account = "main", DailyLimit = 5 }.Fault(SimulatorRig.Accounts));
        Assert.Null(new ProfileOrder { Account = "main", Api = Api, DailyLimit = 5 }.Fault(SimulatorRig.Accounts));
    }
}
