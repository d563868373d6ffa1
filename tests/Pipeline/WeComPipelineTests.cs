using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Pipeline;

/// <summary>From a WeCom callback to all that follows: files and timelines, and no call to anybody.</summary>
public sealed class WeComPipelineTests
{
    private const string Customer = "wmqinghe1", Chat = "wrqinghe1";

    private static readonly Account Account = World.Account with { Kind = AccountKind.WeCom, AppId = "ww1234567890abcdef" };

    // Reply rules that would answer anything.
    private static readonly (string, Rule)[] Rules =
    [
        (RuleKind.Tags, Some.Rule("poster", """{"tags":["海报客户"]}""", new RuleCondition { States = ["poster-*"] })),
        (RuleKind.Replies, Some.Rule("anything", """{"text":"您好"}""")),
        (RuleKind.Replies, Some.Rule("wecom", """{"text":"欢迎"}""", new RuleCondition { Kinds = ["wecom.*"] }, order: 1)),
        (RuleKind.Alerts, Some.Rule("rights", """{"words":["维权"],"level":"high","category":"维权"}""")),
        (RuleKind.Alerts, Some.Rule("tips", """{"words":["小费"],"level":"high","category":"索要","side":"staff"}""")),
    ];

    [Fact]
    public async Task An_added_customer_gets_a_file_a_tag_and_a_timeline_and_nobody_is_messaged()
    {
        await using var world = new World(Rules);
        var worker = world.Hire();
        await worker.Publish(Contact(world, "add_external_contact", "<State>poster-7</State><WelcomeCode>code</WelcomeCode>"));
        await worker.Drain();

        var file = (await world.Customer(Customer))!;
        Assert.Equal((true, "poster-7", Lifecycle.Follower), (file.Subscribed, file.Source, file.Stage));
        Assert.Equal("zhangsan", Assert.Single(file.Staff).StaffId);
        Assert.Equal("海报客户", Assert.Single(file.Tags).Name);
        Assert.Equal(
            ["customer.tagged", "lifecycle.changed", "wecom.customer.added"], (await world.Timeline(Customer)).Select(e => e.Kind).Order(StringComparer.Ordinal));

        // A reply was decided neither way: no message, no ledger, no note of one that was not sent.
        Assert.Equal(1, world.Completions("reply", Subjects.CustomerChanged));
        Assert.Empty(world.Phone.Arrived);
        Assert.Empty(await Effects.Ledger(world, Customer));
        Assert.Equal(0, world.Completions("customer", Subjects.ReplySent));
        Assert.Empty(file.Out);
        Assert.DoesNotContain("call custom/send", worker.Fate.Acts);
    }

    [Fact]
    public async Task An_add_that_arrives_hours_late_still_makes_the_file()
    {
        await using var world = new World(Rules);
        var late = Contact(world, "add_external_contact", "<WelcomeCode>code</WelcomeCode>");
        await world.Advance(TimeSpan.FromHours(5));
        var worker = world.Hire();
        await worker.Publish(late);
        await worker.Drain();
        Assert.True((await world.Customer(Customer))!.Subscribed);
        Assert.Equal(0, worker.Get<Progress>().ExpiredCount);
    }

    [Fact]
    public async Task Lost_by_all_is_lost_and_announced()
    {
        await using var world = new World(Rules);
        var worker = world.Hire();
        await worker.Publish(Contact(world, "add_external_contact"), Contact(world, "add_half_external_contact", staff: "lisi"));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await worker.Publish(Contact(world, "del_follow_user"));
        await worker.Drain();
        Assert.Equal(Lifecycle.Follower, (await world.Customer(Customer))!.Stage);
        await worker.Publish(Contact(world, "del_external_contact", "<Source>DELETE_BY_TRANSFER</Source>", "lisi"));
        await worker.Drain();
        var file = (await world.Customer(Customer))!;
        Assert.Equal((false, Lifecycle.Lost), (file.Subscribed, file.Stage));
        Assert.Equal([StaffState.Lost, StaffState.Transferred], file.Staff.Select(s => s.State));
        Assert.Equal(2, (await world.Timeline(Customer)).Count(e => e.Kind == "lifecycle.changed"));
    }

    [Fact]
    public async Task What_staff_write_raises_no_alert_of_a_customer()
    {
        await using var world = new World(Rules);
        var worker = world.Hire();
        await worker.Publish(Message(world, "zhangsan", "顾客要维权，怎么办", 1));
        await worker.Drain();
        Assert.Empty((await worker.Get<AlertBook>().Page(null, null, null, 10, default)).Items);

        await worker.Publish(Message(world, "zhangsan", "他给了我小费，还要维权", 2));
        await worker.Drain();
        var alert = Assert.Single((await worker.Get<AlertBook>().Page(null, null, null, 10, default)).Items);
        Assert.Equal((AlertSide.Staff, "main:~staff:zhangsan", "tips"), (alert.Side, alert.Customer, alert.RuleId));
        // A colleague has a timeline and no file.
        Assert.Equal(2, (await Timeline(world, "main:~staff:zhangsan")).Count);
        Assert.Null(await world.Documents.Read(Collections.Customers, "main:~staff:zhangsan", CustomerFiles.DocumentId, default));
    }

    [Theory]
    [InlineData(Moment.Before, "replace customers chat")]
    [InlineData(Moment.After, "replace customers chat")]
    [InlineData(Moment.Before, "upsert customers timeline")]
    [InlineData(Moment.After, "upsert customers timeline")]
    [InlineData(Moment.Before, "complete customer")]
    public async Task A_lost_callback_of_a_group_shows_once_and_survives_a_crash(Moment moment, string act)
    {
        await using var world = new World(Rules);
        await world.Hire().Publish(Group(world, 1, "a", "b"));
        await world.Hire().Drain();
        await world.Hire().Publish(Group(world, 3, "c", "d"));
        await Assert.ThrowsAsync<ProcessDiedException>(world.Hire(new Fate().Die(moment, act)).Drain);
        await world.Crash(TimeSpan.FromSeconds(5));
        var next = world.Hire();
        await next.Drain();

        var timeline = await Timeline(world, $"main:~chat:{Chat}");
        Assert.Equal([null, "b-c"], timeline.Select(e => e.Gap is { } gap ? $"{gap.Expected}-{gap.Got}" : null));
        var chat = (await Group(world))!;
        Assert.Equal(("d", 2, 2), (chat.MemVer, chat.Joined, chat.Handled.Count));
        Assert.Null(await world.Documents.Read(Collections.Customers, $"main:~chat:{Chat}", CustomerFiles.DocumentId, default));
    }

    [Fact]
    public async Task A_gap_is_counted_and_one_that_was_only_late_is_closed()
    {
        await using var world = new World(Rules);
        var worker = world.Hire();
        await worker.Publish(Group(world, 1, "a", "b"), Group(world, 3, "c", "d"));
        await worker.Drain();
        Assert.Equal(1, worker.Get<Progress>().ChatGapCount);
        var open = new DocumentQuery { Where = [new("type", Operator.Equal, "chat"), new("gap", Operator.Equal, true)] };
        Assert.Single((await world.Documents.Query(Collections.Customers, open, default)).Items);
        await worker.Publish(Group(world, 2, "b", "c"));
        await worker.Drain();
        Assert.Empty((await world.Documents.Query(Collections.Customers, open, default)).Items);
        Assert.Equal((1, 3), (worker.Get<Progress>().ChatGapCount, (await Group(world))!.Joined));
    }

    [Fact]
    public async Task Every_fact_that_only_the_account_is_about_stands_in_its_timeline()
    {
        await using var world = new World(Rules);
        var worker = world.Hire();
        await worker.Publish(Received(world, "<Event>kf_msg_or_event</Event><Token>t</Token><OpenKfId>wk1</OpenKfId>"));
        await worker.Publish(Received(world, "<Event>change_external_tag</Event><ChangeType>delete</ChangeType><Id>et1</Id>"));
        await worker.Publish(Received(world, "<Event>hologram</Event>"));
        await worker.Drain();
        Assert.Equal(["wecom.event.unknown", "wecom.kf.notify", "wecom.tag.deleted"], (await Timeline(world, "main:~account")).Select(e => e.Kind).Order(StringComparer.Ordinal));
        Assert.Empty((await world.Documents.Query(Collections.Work, new DocumentQuery { Where = [new("type", Operator.Equal, "deadletter")] }, default)).Items);
    }

    private static Envelope Contact(World world, string change, string fields = "", string staff = "zhangsan") => Received(world,
        $"<Event>change_external_contact</Event><ChangeType>{change}</ChangeType><UserID>{staff}</UserID><ExternalUserID>{Customer}</ExternalUserID>{fields}");

    private static Envelope Group(World world, int second, string last, string current) => Received(world,
        $"<Event>change_external_chat</Event><ChatId>{Chat}</ChatId><ChangeType>update</ChangeType><UpdateDetail>add_member</UpdateDetail><MemChangeCnt>1</MemChangeCnt><LastMemVer>{last}</LastMemVer><CurMemVer>{current}</CurMemVer>",
        world.Clock.GetUtcNow().AddSeconds(second));

    private static Envelope Message(World world, string staff, string content, int msgId) =>
        Parsed(world, Xml.Text(staff, content, msgId, world.Clock.GetUtcNow()));

    private static Envelope Received(World world, string fields, DateTimeOffset? at = null) =>
        Parsed(world, Xml.Write("sys", at ?? world.Clock.GetUtcNow(), "event", fields));

    private static Envelope Parsed(World world, string payload)
    {
        Assert.True(ChannelParser.TryParse(payload, Account.Channel, out var callback, out var reason), reason);
        return ReceivedEvents.Of(Account, callback, payload, world.Clock.GetUtcNow());
    }

    private static async Task<Chat?> Group(World world) =>
        await world.Documents.Read(Collections.Customers, $"main:~chat:{Chat}", ChatCommit.DocumentId, default) is { } stored
            ? JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.Chat)
            : null;

    private static async Task<List<TimelineEntry>> Timeline(World world, string key) =>
        [.. (await world.Documents.List(Collections.Customers, key, IdRange.StartingWith(CrmServerless.Crm.Customers.Timeline.Prefix, 100), default))
            .Select(d => JsonSerializer.Deserialize(d.Data.Span, CrmJson.Types.TimelineEntry)!)];
}
