using CrmServerless.Local.Simulator;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>What every call goes through before its API: codes of the fact sheet, sections F.1, F.3 and F.4.</summary>
public sealed class FrontTests : IDisposable
{
    private const string Tags = "cgi-bin/tags/create";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_token_counts_in_the_query_only()
    {
        var token = await rig.OaToken();
        Assert.Equal(41001, (await rig.OaRaw("POST", Tags, """{"tag":{"name":"茶"}}""")).Code);
        Assert.Equal(41001, (await rig.OaRaw("POST", Tags, """{"tag":{"name":"茶"}}""", ("Authorization", "Bearer " + token), ("access_token", token))).Code);
        Assert.Equal(41001, (await rig.OaRaw("POST", Tags, $$$"""{"access_token":"{{{token}}}","tag":{"name":"茶"}}""")).Code);
        Assert.Equal(0, (await rig.OaRaw("POST", $"{Tags}?access_token={token}", """{"tag":{"name":"茶"}}""")).Code);

        var corp = await rig.CorpToken();
        Assert.Equal(41001, (await rig.CorpRaw("GET", "cgi-bin/department/list", null, ("Authorization", "Bearer " + corp))).Code);
        Assert.Equal(0, (await rig.CorpRaw("GET", $"cgi-bin/department/list?access_token={corp}")).Code);
    }

    [Fact]
    public async Task A_token_of_no_form_is_40014_and_one_that_was_never_given_out_40001()
    {
        Assert.Equal(40014, (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=short")).Code);
        Assert.Equal(40014, (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=" + new string('!', 40))).Code);
        Assert.Equal(40001, (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=" + new string('x', 64))).Code);
        Assert.Equal(40014, (await rig.CorpRaw("GET", "cgi-bin/department/list?access_token=" + new string('x', 64))).Code);
        // A company's token opens nothing at an Official Account.
        Assert.Equal(40001, (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=" + await rig.CorpToken())).Code);
    }

    [Fact]
    public async Task After_two_hours_a_token_is_42001()
    {
        var (oa, corp) = (await rig.OaToken(), await rig.CorpToken());
        rig.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(42001, (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=" + oa)).Code);
        Assert.Equal(42001, (await rig.CorpRaw("GET", "cgi-bin/department/list?access_token=" + corp)).Code);
    }

    [Theory]
    [InlineData("{\"tag\":{\"name\":\"\\u8336\"}}", 40033)] // \u in a value
    [InlineData("{\"tag\":{\"n\\u0061me\":\"tea\"}}", 40033)] // \u in a name
    [InlineData("""{"tag":{"name":"C:\\users"}}""", 0)] // an escaped backslash before a u is none
    [InlineData("not json", 47001)]
    [InlineData("", 47001)]
    [InlineData("""{"tag":{"name":"茶"}""", 47001)]
    [InlineData("""{"tag":{"name":"茶",}}""", 47001)]
    [InlineData("[]", 47001)]
    [InlineData("""{"tag":{}}""", 47001)] // name is missing
    [InlineData("""{"tag":{"name":7}}""", 47001)] // a number for a text
    public async Task A_body_is_read_strictly(string body, int code) => Assert.Equal(code, (await rig.Oa(Tags, body)).Code);

    [Theory]
    [InlineData("""{"tag":{"name":"茶"},"tga":1}""", "tga")]
    [InlineData("""{"tag":{"name":"茶","colour":"green"}}""", "tag.colour")]
    public async Task A_field_that_no_documentation_names_is_refused_by_name(string body, string field)
    {
        var answer = await rig.Oa(Tags, body);
        Assert.Equal(47001, answer.Code);
        Assert.Contains("unknown field: " + field, answer["errmsg"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeCom_says_40058_of_a_faulty_body_and_40063_of_a_missing_field()
    {
        const string Mark = "cgi-bin/externalcontact/mark_tag";
        Assert.Equal(40058, (await rig.Corp(Mark, "not json")).Code);
        Assert.Contains("unknown field: colour", (await rig.Corp(Mark, """{"userid":"LiDianzhang","external_userid":"wm1","colour":1}"""))["errmsg"], StringComparison.Ordinal);
        Assert.Equal(40033, (await rig.Corp(Mark, "{\"userid\":\"\\u674e\"}")).Code);
        Assert.Equal(41035, (await rig.Corp(Mark, """{"userid":"LiDianzhang"}""")).Code);
        Assert.Equal(40063, (await rig.Corp("cgi-bin/externalcontact/groupchat/list", "{}")).Code);
    }

    [Fact]
    public async Task A_body_over_a_mebibyte_is_45002()
    {
        var body = $$$"""{"tag":{"name":"{{{new string('a', 1024 * 1024)}}}"}}""";
        Assert.Equal(45002, (await rig.Oa(Tags, body)).Code);
    }

    [Fact]
    public async Task The_other_HTTP_method_is_refused()
    {
        var token = await rig.OaToken();
        Assert.Equal(43002, (await rig.OaRaw("GET", $"{Tags}?access_token={token}")).Code);
        Assert.Equal(43001, (await rig.OaRaw("POST", $"cgi-bin/tags/get?access_token={token}", "{}")).Code);
        Assert.Equal(40058, (await rig.CorpRaw("GET", $"cgi-bin/externalcontact/mark_tag?access_token={await rig.CorpToken()}")).Code);
    }

    [Fact]
    public async Task Every_refusal_is_HTTP_200_and_an_Official_Account_s_names_its_request()
    {
        var refusal = await rig.Oa(Tags, "not json");
        Assert.Equal(200, refusal.Status);
        Assert.Matches("rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", refusal["errmsg"]);
        var corp = await rig.Corp("cgi-bin/user/get?userid=nobody");
        Assert.Equal(200, corp.Status);
        Assert.Matches("^userid not found, hint: \\[.+\\], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query\\?e=60111$", corp["errmsg"]);
    }

    [Fact]
    public async Task Paths_that_are_not_played_say_so() => Assert.Equal(40066, (await rig.Oa("cgi-bin/no/such/api")).Code);

    [Fact]
    public async Task The_two_platforms_have_a_path_in_common_and_answer_apart()
    {
        Assert.Equal("0", (await rig.Oa("cgi-bin/user/get"))["total"]);
        Assert.Equal("李店长", (await rig.Corp("cgi-bin/user/get?userid=LiDianzhang"))["name"]);
    }

    [Fact]
    public async Task Who_is_not_listed_gets_no_token_of_an_Official_Account_and_no_answer_of_WeCom()
    {
        var (oa, corp) = (await rig.OaToken(), await rig.CorpToken());
        rig.Profile(new ProfileOrder { Account = "main", Listed = false });
        rig.Profile(new ProfileOrder { Account = "work", Listed = false });
        var account = SimulatorRig.Accounts.Find("main")!;
        Assert.Equal(40164, (await rig.OaRaw("GET", $"cgi-bin/token?grant_type=client_credential&appid={account.AppId}&secret={account.Secret}")).Code);
        // Whoever has a token may go on with it.
        Assert.Equal(0, (await rig.OaRaw("GET", "cgi-bin/tags/get?access_token=" + oa)).Code);
        Assert.Equal(60020, (await rig.CorpRaw("GET", "cgi-bin/department/list?access_token=" + corp)).Code);
        Assert.NotEmpty(await rig.CorpToken());
        Assert.NotEmpty(await rig.OaToken("other"));

        rig.Profile(new ProfileOrder { Account = "main", Listed = true });
        Assert.NotEmpty(await rig.OaToken());
    }

    [Fact]
    public void Every_API_is_there_once_and_every_POST_says_what_it_takes()
    {
        foreach (var platform in new Platform[] { rig.Get<CrmServerless.Local.Simulator.OfficialAccount.OaPlatform>(), rig.Get<CrmServerless.Local.Simulator.WeCom.WeComPlatform>() })
        {
            var apis = platform.Apis.ToList();
            Assert.Equal(apis.Count, apis.Select(a => a.Path).Distinct(StringComparer.Ordinal).Count());
            Assert.All(apis, a => Assert.True(a.Method == "GET" || a.Body is not null || a.Upload, a.Path));
        }
    }
}
