using System.Text.Json;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api.OfficialAccount;
using static CrmServerless.Tests.Support.QuotaEvening;

namespace CrmServerless.Tests.Pipeline;

/// <summary>What is put off looks in every hour: so it hears of a quota that somebody has had reset, and changes nothing while it is not.</summary>
public sealed class PutOffByHopsTests : WorldTests
{
    private const string Customer = "oQuota";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_hour_after_the_quota_was_cleared_all_answers_have_gone_out_once()
    {
        await using var world = await Begin(Answering());
        string[] customers = ["oOne", "oTwo", "oThree"];
        var worker = await world.OnTheEvening(customers);
        await Pass(world, worker, TimeSpan.FromMinutes(20));
        Assert.True((await worker.Get<OfficialAccountApi>().ClearQuota(World.Account.Credentials)).Ok);
        Assert.Empty(world.Phone.Arrived);

        await Pass(world, worker, Hour);
        Assert.Equal(customers.Order(), world.Phone.Arrived.Select(m => m.OpenId).Order());
        await Pass(world, worker, Midnight - Evening + Hour);
        Assert.Equal(3, world.Phone.Arrived.Count);
        foreach (var customer in customers) Assert.Equal(1, (await world.Customer(customer))!.Out["sent"]);
    }

    [Fact]
    public async Task While_the_quota_is_used_up_looking_in_asks_WeChat_nothing_and_begins_nothing()
    {
        await using var world = await Begin(Answering());
        var worker = await world.OnTheEvening(Customer);
        var (calls, slot) = (worker.Calls(), Assert.Single((await world.Customer(Customer))!.Window.Slots));
        for (var n = 0; n < 17; n++)
        {
            await Pass(world, worker, TimeSpan.FromMinutes(10));
            Assert.Equal(calls, worker.Calls());
            Assert.Empty(await Effects.Ledger(world, Customer));
            Assert.Equal([slot], (await world.Customer(Customer))!.Window.Slots);
        }

        var looks = world.Completed.Where(c => c.Stage == "reply" && c.Fact.NotBefore is not null).ToList();
        Assert.InRange(looks.Count, 3, 4);
        Assert.Single(looks.Select(l => (l.Fact.Id, l.Fact.Depth, l.Fact.Only, l.Fact.Deadline)).Distinct());

        world.Phone.ErrCode = 0;
        await Pass(world, worker, TimeSpan.FromMinutes(15));
        Assert.Single(world.Phone.Arrived);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Days_of_looking_in_end_with_one_answer_or_one_note_that_there_was_none(bool back)
    {
        await using var world = await Begin(Answering());
        var worker = await world.OnTheEvening(Customer);
        await Pass(world, worker, TimeSpan.FromHours(26)); // refused again at midnight, and once more on the next day
        Assert.Empty(world.Phone.Arrived);
        if (back) world.Phone.ErrCode = 0;
        await Pass(world, worker, TimeSpan.FromHours(30));
        var customer = await world.Customer(Customer);
        Assert.Equal(back ? 1 : 0, world.Phone.Arrived.Count);
        Assert.Equal(1, customer!.Out[back ? "sent" : "skipped"]);
        Assert.Equal(back ? 1 : 0, customer.Window.Slots.Count);
        Assert.Empty((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    [Fact]
    public async Task A_tag_that_the_quota_of_creating_tags_stops_asks_WeChat_nothing_either()
    {
        var price = (RuleKind.Tags, new Rule { Id = "price", When = new() { Text = new(Any: ["多少钱"]) }, Then = JsonSerializer.SerializeToElement(new { tags = new[] { "价格敏感" } }) });
        await using var world = await Begin(price);
        world.Clock.SetUtcNow(Evening);
        world.Phone.TagErrCode = 45009;
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "多少钱"), world.Text("oOther", "多少钱"));
        await worker.Drain();
        Assert.Equal(2, worker.Calls()); // which tags there are, and the one that was refused
        await Pass(world, worker, TimeSpan.FromMinutes(170));
        Assert.Equal(2, worker.Calls());
        world.Phone.TagErrCode = 0;
        await Pass(world, worker, TimeSpan.FromMinutes(15));
        Assert.Equal(["价格敏感"], world.Phone.TagsOf(Customer));
        Assert.Equal(["价格敏感"], world.Phone.TagsOf("oOther"));
    }

    private static async Task Pass(World world, Worker worker, TimeSpan span)
    {
        for (var end = world.Clock.GetUtcNow() + span; world.Clock.GetUtcNow() < end;)
        {
            await world.Advance(TimeSpan.FromMinutes(5));
            await worker.Drain();
        }
    }
}
