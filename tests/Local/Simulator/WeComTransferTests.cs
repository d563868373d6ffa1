using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Handing customers and groups over: a row for each limit and code of fact sheet F.3.</summary>
public sealed class WeComTransferTests : IDisposable
{
    private const string Api = "cgi-bin/externalcontact/";
    private const string Li = "LiDianzhang", Wang = "WangXiaomei";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("WangXiaomei", "wmOne", 0)]
    [InlineData("WangXiaomei", "wmNobody", 40096)]
    [InlineData("WangXiaomei", "wmOthers", 40131)] // no customer of the first
    [InlineData("LiDianzhang", "wmOne", 40130)]
    public async Task Each_customer_of_a_hand_over_has_a_code(string to, string customer, int code)
    {
        await Add();
        await Add(user: Wang, customer: "wmOthers");
        var answer = await HandOver(to, customer);
        Assert.Equal((0, code), (answer.Code, answer.Json.GetProperty("customer")[0].GetProperty("errcode").GetInt32()));
    }

    [Theory]
    [InlineData("Nobody", 60111)]
    [InlineData("ZhaoLei", 40098)]
    [InlineData("ChenJie", 84074)]
    public async Task Who_takes_over_must_be_able_to(string to, int code)
    {
        await Add();
        Assert.Equal(code, (await HandOver(to, "wmOne")).Code);
    }

    [Fact]
    public async Task A_hand_over_happens_a_day_later_and_is_told_then()
    {
        await Add();
        rig.Callbacks();
        await HandOver(Wang, "wmOne");
        Assert.Equal(40129, (await HandOver(Wang, "wmOne")).Json.GetProperty("customer")[0].GetProperty("errcode").GetInt32());
        Assert.Equal(2, await Status());
        Assert.Empty(rig.Callbacks());
        rig.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(1, await Status());
        var told = rig.Callbacks().Where(c => c.Account == "work").Select(c => c.Xml).ToList();
        Assert.Contains("DELETE_BY_TRANSFER", told[0], StringComparison.Ordinal);
        Assert.Contains("add_external_contact", told[1], StringComparison.Ordinal);
        Assert.Equal("""["wmOne"]""", (await rig.Corp(Api + "list?userid=WangXiaomei"))["external_userid"]);
        Assert.Equal(84061, (await rig.Corp(Api + "list?userid=LiDianzhang")).Code);
    }

    [Fact]
    public async Task Twice_in_90_days_a_customer_is_handed_over_and_then_40128()
    {
        await Add();
        foreach (var (from, to) in new[] { (Li, Wang), (Wang, Li) })
        {
            Assert.Equal(0, Code(await HandOver(to, "wmOne", from)));
            rig.Clock.Advance(TimeSpan.FromHours(24));
        }

        Assert.Equal(40128, Code(await HandOver(Wang, "wmOne")));
        rig.Clock.Advance(TimeSpan.FromDays(90));
        Assert.Equal(0, Code(await HandOver(Wang, "wmOne")));

        static int Code(Answer answer) => answer.Json.GetProperty("customer")[0].GetProperty("errcode").GetInt32();
    }

    [Theory]
    [InlineData(100, 200, 0)]
    [InlineData(101, 10, 40058)]
    [InlineData(1, 201, 40058)]
    public async Task A_hand_over_is_of_a_hundred_customers_with_200_characters(int customers, int message, int code) =>
        Assert.Equal(code, (await rig.Corp(Api + "transfer_customer", new
        {
            handover_userid = Li, takeover_userid = Wang, external_userid = Enumerable.Range(0, customers).Select(n => $"wm{n}"), transfer_success_msg = new string('好', message),
        })).Code);

    [Fact]
    public async Task A_customer_may_refuse()
    {
        await Add();
        await HandOver(Wang, "wmOne");
        rig.Callbacks();
        await rig.Act(new CompanyAct { Act = "refuse", ExternalUserid = "wmOne" });
        Assert.Equal(3, await Status());
        Assert.Contains("customer_refused", rig.Callbacks()[0].Xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_who_has_resigned_customers_and_groups_are_handed_over_apart()
    {
        await Add();
        var chat = (await rig.Act(new CompanyAct { Act = "group_create", Userid = Li, Name = "茶友" })).ChatId!;
        var handed = new { handover_userid = Li, takeover_userid = Wang, external_userid = new[] { "wmOne" } };
        Assert.Equal(40097, (await rig.Corp(Api + "resigned/transfer_customer", handed)).Code);
        Assert.Equal(90500, (await rig.Corp(Api + "groupchat/transfer", new { chat_id_list = new[] { chat }, new_owner = Wang })).Json.GetProperty("failed_chat_list")[0].GetProperty("errcode").GetInt32());
        await rig.Act(new CompanyAct { Act = "resign", Userid = Li });
        Assert.Equal(1, (await rig.Corp(Api + "get_unassigned_list", "{}")).Json.GetProperty("info").GetArrayLength());
        Assert.Equal(0, (await rig.Corp(Api + "resigned/transfer_customer", handed)).Code);
        Assert.Equal(0, (await rig.Corp(Api + "groupchat/transfer", new { chat_id_list = new[] { chat }, new_owner = Wang })).Json.GetProperty("failed_chat_list").GetArrayLength());
        rig.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(1, (await rig.Corp(Api + "resigned/transfer_result", new { handover_userid = Li, takeover_userid = Wang })).Json.GetProperty("customer")[0].GetProperty("status").GetInt32());
    }

    private Task<CompanyResult> Add(string user = Li, string customer = "wmOne") => rig.Act(new CompanyAct { Act = "add", Userid = user, ExternalUserid = customer });

    private Task<Answer> HandOver(string to, string customer, string from = Li) => rig.Corp(Api + "transfer_customer", new { handover_userid = from, takeover_userid = to, external_userid = new[] { customer } });

    private async Task<int> Status() => (await rig.Corp(Api + "transfer_result", new { handover_userid = Li, takeover_userid = Wang })).Json.GetProperty("customer")[0].GetProperty("status").GetInt32();
}
