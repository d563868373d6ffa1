using System.Globalization;
using System.Text.Json;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Followers, tags and the blacklist: a row for each limit and code of fact sheet F.1.</summary>
public sealed class FollowerTests : IDisposable
{
    private const string Create = "cgi-bin/tags/create";
    private const string Batch = "cgi-bin/tags/members/batchtagging";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Of_a_follower_WeChat_tells_how_he_came_and_what_was_written_beside_him()
    {
        rig.Follower("oFollower", "oa.subscribe");
        var tag = await Tag("常客");
        Assert.Equal(0, (await rig.Oa(Batch, new { openid_list = new[] { "oFollower" }, tagid = tag })).Code);
        Assert.Equal(0, (await rig.Oa("cgi-bin/user/info/updateremark", new { openid = "oFollower", remark = "老王" })).Code);
        var info = await rig.Oa("cgi-bin/user/info?openid=oFollower&lang=zh_CN");
        Assert.Equal(("1", "oFollower", "老王", rig.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), (info["subscribe"], info["openid"], info["remark"], info["subscribe_time"]));
        Assert.Equal($"[{tag}]", info["tagid_list"]);

        rig.Follower("oFollower", "oa.unsubscribe");
        var gone = (await rig.Oa("cgi-bin/user/info?openid=oFollower")).Json;
        Assert.Equal(["subscribe", "openid"], gone.EnumerateObject().Select(p => p.Name));
        Assert.Equal(0, gone.GetProperty("subscribe").GetInt32());
    }

    [Theory]
    [InlineData("cgi-bin/user/info", 41009)]
    [InlineData("cgi-bin/user/info?openid=!!", 40003)]
    [InlineData("cgi-bin/user/info?openid=oStranger", 40003)]
    [InlineData("cgi-bin/user/info?openid=oAnybody&lang=kl", 40035)]
    public async Task A_question_after_a_follower_is_checked(string path, int code)
    {
        rig.Follower("oStranger", "oa.subscribe", account: "other");
        Assert.Equal(code, (await rig.Oa(path)).Code);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(101, 40032)]
    [InlineData(0, 40032)]
    public async Task A_hundred_followers_can_be_asked_for_at_once(int count, int code)
    {
        var answer = await rig.Oa("cgi-bin/user/info/batchget", new { user_list = Enumerable.Range(0, count).Select(n => new { openid = "o" + n, lang = "zh_CN" }) });
        Assert.Equal(code, answer.Code);
        if (code == 0) Assert.Equal(count, answer.Json.GetProperty("user_info_list").GetArrayLength());
    }

    [Theory]
    [InlineData(29, 0)]
    [InlineData(30, 45002)]
    public async Task A_remark_is_shorter_than_30_characters(int length, int code) =>
        Assert.Equal(code, (await rig.Oa("cgi-bin/user/info/updateremark", new { openid = "oOne", remark = new string('茶', length) })).Code);

    [Theory]
    [InlineData("一二三四五六七八九十", 0)] // 30 bytes
    [InlineData("一二三四五六七八九十1", 45158)]
    [InlineData("", 45158)]
    [InlineData("同名", 45157)]
    public async Task A_tag_s_name_is_30_bytes_and_its_own(string name, int code)
    {
        await Tag("同名");
        Assert.Equal(code, (await rig.Oa(Create, new { tag = new { name } })).Code);
    }

    [Fact]
    public async Task The_101st_tag_is_45056()
    {
        for (var n = 0; n < 100; n++) await Tag($"t{n}");
        Assert.Equal(45056, (await rig.Oa(Create, new { tag = new { name = "t100" } })).Code);
        Assert.Equal(101, (await rig.Oa("cgi-bin/tags/get")).Json.GetProperty("tags").GetArrayLength()); // and 星标组
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tags_of_the_system_cannot_be_changed_or_deleted(int id)
    {
        Assert.Equal(45058, (await rig.Oa("cgi-bin/tags/update", new { tag = new { id, name = "新" } })).Code);
        Assert.Equal(45058, (await rig.Oa("cgi-bin/tags/delete", new { tag = new { id } })).Code);
        Assert.Equal(45058, (await rig.Oa(Batch, new { openid_list = new[] { "o1" }, tagid = id })).Code);
    }

    [Fact]
    public async Task A_tag_that_is_not_there_is_45159()
    {
        Assert.Equal(45159, (await rig.Oa(Batch, new { openid_list = new[] { "o1" }, tagid = 999 })).Code);
        Assert.Equal(45159, (await rig.Oa("cgi-bin/tags/update", new { tag = new { id = 999, name = "新" } })).Code);
        Assert.Equal(45159, (await rig.Oa("cgi-bin/user/tag/get", new { tagid = 999 })).Code);
    }

    [Fact]
    public void A_tag_with_more_than_a_hundred_thousand_followers_stays() =>
        Assert.Equal(100_000, new CrmServerless.Local.Simulator.OfficialAccount.OaTags(null!).MostToDelete);

    [Fact]
    public async Task A_tag_that_too_many_carry_is_45057_and_another_goes_from_all_who_carry_it()
    {
        var tags = new CrmServerless.Local.Simulator.OfficialAccount.OaTags(rig.Get<CrmServerless.Local.Simulator.OfficialAccount.OaAccounts>()) { MostToDelete = 2 };
        var delete = tags.Apis.Single(a => a.Path == "cgi-bin/tags/delete");
        var (small, large) = (await Tag("少"), await Tag("多"));
        await rig.Oa(Batch, new { openid_list = new[] { "o1", "o2", "o3" }, tagid = large });
        await rig.Oa(Batch, new { openid_list = new[] { "o1", "o2" }, tagid = small });
        Assert.Equal(45057, Delete(large));
        Assert.Equal(0, Delete(small));
        Assert.Equal($"[{large}]", (await rig.Oa("cgi-bin/tags/getidlist", new { openid = "o1" }))["tagid_list"]);

        int Delete(int id) => delete.Handle(new(null!, SimulatorRig.Accounts.Find("main")!, rig.Clock.GetUtcNow(), JsonSerializer.SerializeToElement(new { tag = new { id } }), _ => null)).Code;
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(51, 40032)]
    [InlineData(0, 40032)]
    public async Task Fifty_followers_can_be_tagged_at_once(int count, int code)
    {
        var tag = await Tag("常客");
        var openIds = Enumerable.Range(0, count).Select(n => "o" + n).ToArray();
        Assert.Equal(code, (await rig.Oa(Batch, new { openid_list = openIds, tagid = tag })).Code);
        Assert.Equal(code, (await rig.Oa("cgi-bin/tags/members/batchuntagging", new { openid_list = openIds, tagid = tag })).Code);
    }

    [Fact]
    public async Task The_21st_tag_of_a_follower_is_45059_and_then_nobody_of_the_call_gets_it()
    {
        for (var n = 0; n < 20; n++) await rig.Oa(Batch, new { openid_list = new[] { "oFull" }, tagid = await Tag($"t{n}") });
        var more = await Tag("t20");
        Assert.Equal(45059, (await rig.Oa(Batch, new { openid_list = new[] { "oEmpty", "oFull" }, tagid = more })).Code);
        Assert.Equal("[]", (await rig.Oa("cgi-bin/tags/getidlist", new { openid = "oEmpty" }))["tagid_list"]);
    }

    [Fact]
    public async Task A_follower_of_another_account_is_49003()
    {
        rig.Follower("oStranger", "oa.subscribe", account: "other");
        var tag = await Tag("常客");
        Assert.Equal(49003, (await rig.Oa(Batch, new { openid_list = new[] { "oOurs", "oStranger" }, tagid = tag })).Code);
        Assert.Equal(49003, (await rig.Oa("cgi-bin/tags/getidlist", new { openid = "oStranger" })).Code);
        Assert.Equal(49003, (await rig.Oa("cgi-bin/tags/members/batchblacklist", new { openid_list = new[] { "oStranger" } })).Code);
    }

    [Fact]
    public async Task Who_carries_a_tag_is_paged_and_counted()
    {
        var tag = await Tag("常客");
        await rig.Oa(Batch, new { openid_list = new[] { "o1", "o2" }, tagid = tag });
        var page = (await rig.Oa("cgi-bin/user/tag/get", new { tagid = tag, next_openid = "" })).Json;
        Assert.Equal((2, "o2"), (page.GetProperty("count").GetInt32(), page.GetProperty("next_openid").GetString()));
        Assert.Equal(0, (await rig.Oa("cgi-bin/user/tag/get", new { tagid = tag, next_openid = "o2" })).Json.GetProperty("count").GetInt32());
        var listed = (await rig.Oa("cgi-bin/tags/get")).Json.GetProperty("tags").EnumerateArray().Single(t => t.GetProperty("id").GetInt32() == tag);
        Assert.Equal(("常客", 2), (listed.GetProperty("name").GetString(), listed.GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(21, 40032)]
    public async Task Twenty_can_be_put_on_the_blacklist_at_once(int count, int code)
    {
        var openIds = Enumerable.Range(0, count).Select(n => "o" + n.ToString("D2", CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(code, (await rig.Oa("cgi-bin/tags/members/batchblacklist", new { openid_list = openIds })).Code);
        Assert.Equal(code == 0 ? count : 0, (await rig.Oa("cgi-bin/tags/members/getblacklist", new { begin_openid = "" })).Json.GetProperty("total").GetInt32());
    }

    private async Task<int> Tag(string name) => (await rig.Oa(Create, new { tag = new { name } })).Json.GetProperty("tag").GetProperty("id").GetInt32();
}
