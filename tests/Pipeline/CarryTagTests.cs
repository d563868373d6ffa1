using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Tags;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>Our tags at WeChat: carried once, noted, put off when a quota says so, never sent round in a circle.</summary>
public sealed class CarryTagTests : WorldTests
{
    private const string Customer = "oTag";
    private const string Tag = "价格敏感";

    private static readonly (string, Rule) Price =
        (RuleKind.Tags, new Rule { Id = "price", When = new() { Text = new(Any: ["多少钱"]) }, Then = JsonSerializer.SerializeToElement(new { tags = new[] { Tag } }) });

    [Fact]
    public async Task A_tag_of_a_rule_is_created_at_WeChat_once_and_given_to_each_follower()
    {
        await using var world = await Begin(Price);
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "多少钱"), world.Text("oOther", "多少钱"), world.Text(Customer, "到底多少钱"));
        await worker.Drain();

        Assert.Equal([Tag], world.Phone.TagsOf(Customer));
        Assert.Equal([Tag], world.Phone.TagsOf("oOther"));
        Assert.Equal(1, worker.Fate.Acts.Count(a => a == "call tags/create"));
        Assert.Equal(2, worker.Fate.Acts.Count(a => a == "call tags/members/batchtagging"));
        var noted = await Noted(world, Customer);
        Assert.Equal((true, CarriedState.Carried, null), (noted!.Given, noted.State, noted.Code));
    }

    [Fact]
    public async Task A_tag_that_a_person_takes_is_taken_at_WeChat_too()
    {
        await using var world = await Begin(Price);
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "多少钱"));
        await worker.Drain();
        await Take(world, worker);
        await worker.Drain();
        Assert.Empty(world.Phone.TagsOf(Customer));
        Assert.False((await Noted(world, Customer))!.Given);
    }

    [Fact]
    public async Task A_fact_that_is_delivered_twice_is_carried_once()
    {
        await using var world = await Begin(Price);
        var doomed = world.Hire(new Fate().Die(Moment.Before, "complete tag"));
        await doomed.Publish(world.Text(Customer, "多少钱"));
        await Assert.ThrowsAsync<ProcessDiedException>(doomed.Drain);
        await world.Crash(TimeSpan.FromMinutes(3));
        var worker = world.Hire();
        await worker.Drain();
        Assert.DoesNotContain(worker.Fate.Acts, a => a.StartsWith("call tags", StringComparison.Ordinal));
        Assert.Equal([Tag], world.Phone.TagsOf(Customer));
    }

    [Fact]
    public async Task What_came_from_WeChat_or_is_said_again_by_an_import_is_not_carried_back()
    {
        await using var world = await Begin(Price);
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "多少钱") with { Origin = Origins.Import });
        await worker.Drain();
        Assert.Contains((await world.Customer(Customer))!.Tags, t => t.Name == Tag);
        await worker.Run("tag", Fact(world, new CustomerTagged("店员打的", true, By: CarryTag.FromWeChat)));
        Assert.Empty(world.Phone.TagsOf(Customer));
        Assert.Null(await Noted(world, Customer));
    }

    [Theory]
    [InlineData(45059)] // 20 tags a follower
    [InlineData(49003)] // a follower of another account
    public async Task A_refusal_is_noted_and_not_tried_again(int code)
    {
        await using var world = await Begin(Price);
        var worker = world.Hire();
        await worker.Publish(world.Text("oFirst", "多少钱")); // creates the tag
        await worker.Drain();
        world.Phone.TagErrCode = code;
        await worker.Publish(world.Text(Customer, "多少钱"));
        await worker.Drain();
        var noted = await Noted(world, Customer);
        Assert.Equal((CarriedState.Refused, code), (noted!.State, noted.Code));
        Assert.Empty((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    [Fact]
    public async Task A_tag_that_was_deleted_in_the_console_is_made_anew()
    {
        await using var world = await Begin(Price);
        var worker = world.Hire();
        await worker.Publish(world.Text("oFirst", "多少钱"));
        await worker.Drain();
        world.Phone.DeleteTag(Tag);
        await worker.Publish(world.Text(Customer, "多少钱"));
        await worker.Drain();
        Assert.Equal([Tag], world.Phone.TagsOf(Customer));
    }

    [Fact]
    public async Task A_tag_that_a_quota_stops_is_carried_when_the_quota_is_back_as_the_file_says_then()
    {
        await using var world = await Begin(Price);
        var worker = world.Hire();
        world.Phone.TagErrCode = 45009;
        await worker.Publish(world.Text(Customer, "多少钱"), world.Text("oOther", "多少钱"));
        await worker.Drain();
        await Take(world, worker); // in the meantime
        await worker.Drain();
        world.Phone.TagErrCode = 0;
        await world.Advance(TimeSpan.FromDays(1));
        await worker.Drain();
        Assert.Empty(world.Phone.TagsOf(Customer));
        Assert.Equal([Tag], world.Phone.TagsOf("oOther"));
    }

    private static async Task<CarriedTag?> Noted(World world, string openId) => await new CarriedTags(world.Documents).Find(World.Key(openId), Tag, default);

    private static Envelope Fact(World world, CustomerTagged tagged)
    {
        var cause = world.Text(Customer, "多少钱");
        return cause.Child("customer", 1, Subjects.CustomerTagged, JsonSerializer.SerializeToElement(tagged, CrmJson.Types.CustomerTagged), world.Clock.GetUtcNow(), byRule: false);
    }

    // As the API does it: an edit is committed like a fact.
    private static async Task Take(World world, Worker worker)
    {
        var now = world.Clock.GetUtcNow();
        var edit = world.Text(Customer, "x") with { Id = Ids.Hash($"edit {now.Ticks}"), Subject = "CustomerEdited", Kind = "customer.edited", Data = JsonSerializer.SerializeToElement(new { }) };
        await worker.Get<CustomerCommit>().Apply(new StageDelivery(edit, 1), before =>
        {
            var (next, tagged) = TagRules.Edit(before!, [], [Tag], "店长", now);
            return new CustomerDecision(next, [.. tagged.Select(t => NewFacts.Of(Subjects.CustomerTagged, t, CrmJson.Types.CustomerTagged))]);
        }, default);
    }
}
