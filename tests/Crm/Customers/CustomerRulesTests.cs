using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

public sealed class CustomerRulesTests
{
    [Fact]
    public void The_first_event_makes_the_file()
    {
        var (customer, outbox) = Decide(null, Some.Event(Kinds.Subscribe, At(5), e => e with { Scene = "store-01" }));
        Assert.Equal((Some.Key, "stats-id", true, "store-01", Lifecycle.Follower), (customer.Key, customer.StatsId, customer.Subscribed, customer.Source, customer.Stage));
        Assert.Equal((At(5), At(5), At(5), null), (customer.FirstSeenAt, customer.LastSeenAt, customer.SubscribedAt, customer.UnsubscribedAt));
        Assert.Equal(1, customer.In[Kinds.Subscribe]);
        var changed = Assert.Single(outbox);
        Assert.Equal(Subjects.LifecycleChanged, changed.Subject);
        Assert.Contains("\"to\":\"follower\"", changed.Data.GetRawText(), StringComparison.Ordinal);
    }

    // All orders in which these may arrive; WeChat's times decide, so the end is always the same.
    [Theory]
    [InlineData("S1 U2", false)]
    [InlineData("U1 S2", true)]
    [InlineData("S1 U2 S3", true)]
    [InlineData("S1 U2 S3 U4", false)]
    [InlineData("S1 T2 U3", false)]
    [InlineData("S1 U2 T3", true)] // who writes, follows: the subscribe is still on its way or was lost
    [InlineData("U1 C2", true)]
    [InlineData("U1 Q2 L3", true)]
    [InlineData("T1 U2 X3", false)] // a card or template event says nothing about following
    [InlineData("X1", false)]
    [InlineData("S1 T2 C3 U4 X5", false)]
    public void Every_order_of_arrival_ends_the_same(string events, bool subscribed)
    {
        foreach (var order in Permutations(events.Split(' ')))
        {
            var customer = After(order);
            Assert.True(subscribed == customer.Subscribed, string.Join(' ', order));
            Assert.Equal((At(order.Min(Second)), At(order.Max(Second))), (customer.FirstSeenAt, customer.LastSeenAt));
        }
    }

    [Theory] // two in one second: the one that arrives later counts
    [InlineData("S5 U5", false)]
    [InlineData("U5 S5", true)]
    [InlineData("U5 S5 U5", false)]
    // ... and nothing older, and nothing that says nothing about following, touches that
    [InlineData("U5 S5 U3", true)]
    [InlineData("U5 S5 S3", true)]
    [InlineData("U5 S5 T3", true)]
    [InlineData("U5 S5 X5", true)]
    [InlineData("U5 S5 X6", true)]
    [InlineData("S5 U5 S3", false)]
    [InlineData("S5 U5 T3", false)]
    [InlineData("S5 U5 U3", false)]
    [InlineData("S5 U5 X5", false)]
    [InlineData("S5 U5 X6", false)]
    [InlineData("S5 U5 T6", true)]
    public void A_tie_is_settled_by_arrival_and_by_nothing_older(string events, bool subscribed) =>
        Assert.Equal(subscribed, After(events.Split(' ')).Subscribed);

    [Fact]
    public void The_times_of_following_and_leaving_are_the_latest_of_each()
    {
        var customer = After("S7 U9 S3 U5".Split(' '));
        Assert.Equal((At(7), At(9)), (customer.SubscribedAt, customer.UnsubscribedAt));
    }

    [Fact]
    public void The_source_is_the_scene_of_the_first_follow_only()
    {
        Assert.Equal("a", Follows(("a", 1), ("b", 5)).Source);
        Assert.Null(Follows((null, 1), ("b", 5)).Source); // found by search first
        Assert.Equal("a", Decide(Follows(("a", 1)), Some.Event(Kinds.Scan, At(6), e => e with { Scene = "c" })).Next.Source);
    }

    [Theory]
    [InlineData("S1", Lifecycle.Follower)]
    [InlineData("S1 L2", Lifecycle.Follower)] // the phone reports the place by itself
    [InlineData("S1 T2", Lifecycle.Active)]
    [InlineData("S1 C2", Lifecycle.Active)]
    [InlineData("S1 Q2", Lifecycle.Active)]
    [InlineData("T1", Lifecycle.Active)]
    [InlineData("X1", Lifecycle.Prospect)]
    [InlineData("S1 T2 U3", Lifecycle.Lost)]
    [InlineData("U3", Lifecycle.Lost)]
    [InlineData("S1 T2 U3 S4", Lifecycle.Follower)]
    [InlineData("S1 T2 U3 S4 C5", Lifecycle.Active)]
    [InlineData("U3 T2", Lifecycle.Lost)]
    [InlineData("U3 S4 T2", Lifecycle.Follower)] // written before this follow
    [InlineData("T5 S4", Lifecycle.Active)]
    public void The_stage_follows_the_events(string events, string stage) => Assert.Equal(stage, After(events.Split(' ')).Stage);

    [Theory]
    [InlineData(Lifecycle.Prospect, true, false, false, Lifecycle.Follower)]
    [InlineData(Lifecycle.Prospect, true, true, false, Lifecycle.Follower)]
    [InlineData(Lifecycle.Lost, true, true, false, Lifecycle.Follower)]
    [InlineData(Lifecycle.Follower, true, false, false, Lifecycle.Follower)]
    [InlineData(Lifecycle.Active, true, true, false, Lifecycle.Active)]
    [InlineData(Lifecycle.Prospect, true, false, true, Lifecycle.Active)]
    [InlineData(Lifecycle.Lost, true, true, true, Lifecycle.Active)]
    [InlineData(Lifecycle.Prospect, false, false, false, Lifecycle.Prospect)]
    [InlineData(Lifecycle.Prospect, false, true, false, Lifecycle.Lost)]
    [InlineData(Lifecycle.Active, false, true, false, Lifecycle.Lost)]
    [InlineData(Lifecycle.Active, false, true, true, Lifecycle.Lost)]
    [InlineData(Lifecycle.Lost, false, true, true, Lifecycle.Lost)]
    public void The_lifecycle_table(string before, bool subscribed, bool everUnsubscribed, bool interacted, string after) =>
        Assert.Equal(after, Lifecycle.After(before, subscribed, everUnsubscribed, interacted));

    [Theory] // told of the customer, not done by the customer
    [InlineData(Kinds.TemplateResult)]
    [InlineData(Kinds.SubscribeMessageSent)]
    [InlineData(Kinds.ServiceStarted)]
    [InlineData(Kinds.ServiceEnded)]
    [InlineData(Kinds.ServiceSwitched)]
    [InlineData(Kinds.CardUpdated)]
    [InlineData(Kinds.UserDataModified)]
    public void What_others_do_makes_nobody_active(string kind)
    {
        var before = After(["S1"]);
        var after = Decide(before, Some.Event(kind, At(5))).Next;
        Assert.Equal((At(1), Lifecycle.Follower, true, before.FollowingSeenAt), (after.LastSeenAt, after.Stage, after.Subscribed, after.FollowingSeenAt));
        Assert.Equal((1, 0), (after.In[kind], after.Activity.Count(k => k == kind, DateOnly.MinValue, DateOnly.MaxValue)));
        Assert.Same(before.Window, after.Window);
        Assert.Equal(Lifecycle.Prospect, Decide(null, Some.Event(kind, At(5))).Next.Stage);

        // Of what the customer did it is counted, in whichever order they arrive.
        var orders = new[] { new[] { (Kinds.Text, 3), (kind, 5), (kind, 6) }, [(kind, 6), (Kinds.Text, 3), (kind, 5)], [(kind, 5), (kind, 6), (Kinds.Text, 3)] };
        Assert.All(orders, order => Assert.Equal(
            At(3), order.Aggregate((Customer?)null, (customer, e) => Decide(customer, Some.Event(e.Item1, At(e.Item2))).Next)!.LastSeenAt));
    }

    [Theory]
    [InlineData(Kinds.MenuScanPush, Lifecycle.Active)]
    [InlineData(Kinds.MenuScanWait, Lifecycle.Active)]
    [InlineData(Kinds.MenuPhoto, Lifecycle.Active)]
    [InlineData(Kinds.MenuLocation, Lifecycle.Active)]
    [InlineData(Kinds.MenuMiniProgram, Lifecycle.Active)]
    [InlineData(Kinds.CardGot, Lifecycle.Prospect)] // a card may be had without following
    [InlineData(Kinds.SubscribeMessagePopup, Lifecycle.Prospect)]
    [InlineData(Kinds.UserDataRevoked, Lifecycle.Prospect)]
    public void Only_followers_have_the_menu(string kind, string stage)
    {
        var customer = Decide(null, Some.Event(kind, At(5))).Next;
        Assert.Equal((stage, stage == Lifecycle.Active, At(5), 1),
            (customer.Stage, customer.Subscribed, customer.LastSeenAt, customer.Activity.Count(k => k == kind, DateOnly.MinValue, DateOnly.MaxValue)));
    }

    [Fact]
    public void A_stage_that_stays_is_not_announced()
    {
        var customer = After(["S1", "T2"]);
        Assert.Empty(Decide(customer, Some.Text("again", At(3))).Outbox);
    }

    [Fact]
    public void Only_the_last_place_is_kept_and_an_older_one_does_not_replace_it()
    {
        var first = Decide(null, Some.Event(Kinds.Location, At(5), e => e with { Location = new GeoPoint(31, 121), Text = "人民广场" })).Next;
        Assert.Equal(new LastLocation(31, 121, "人民广场", At(5)), first.Location);
        var late = Decide(first, Some.Event(Kinds.LocationReport, At(4), e => e with { Location = new GeoPoint(1, 1) })).Next;
        Assert.Equal(31, late.Location!.Latitude);
        var newer = Decide(late, Some.Event(Kinds.LocationReport, At(6), e => e with { Location = new GeoPoint(32, 122) })).Next;
        Assert.Equal(new LastLocation(32, 122, null, At(6)), newer.Location);
        Assert.Equal(32, Decide(newer, Some.Event(Kinds.LocationReport, At(9))).Next.Location!.Latitude); // dropped coordinates
    }

    [Fact]
    public void Answers_are_counted_by_outcome_and_are_nothing_that_the_customer_did()
    {
        var customer = After(["S1"]);
        foreach (var outcome in new[] { SendOutcome.Sent, SendOutcome.Sent, SendOutcome.Refused })
        {
            var sent = new ReplySent { RuleId = "r", RuleVersion = 1, Outcome = outcome, Type = "text" };
            (customer, var outbox) = Decide(customer, Some.Fact(Subjects.ReplySent, sent, CrmJson.Types.ReplySent, At(9)));
            Assert.Empty(outbox);
        }

        Assert.Equal((2, 1), (customer.Out["sent"], customer.Out["refused"]));
        Assert.Equal((At(1), 1), (customer.LastSeenAt, customer.In.Count));
    }

    [Fact]
    public void A_fact_that_is_not_taken_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => Decide(null, Some.Text("x") with { Subject = Subjects.AlertRaised }));

    [Theory] // CreateTime 0; milliseconds of the year 5138; the last moment that a DateTimeOffset holds
    [InlineData(0)]
    [InlineData(99_999_999_999)]
    [InlineData(253_402_300_799)]
    public void An_event_with_an_implausible_time_does_not_spoil_the_file(long seconds)
    {
        var implausible = Some.Event(Kinds.Text, DateTimeOffset.FromUnixTimeSeconds(seconds), e => e with { Text = "x", CountedAt = At(10) });
        var customer = Decide(After(["S1", "T2"]), implausible).Next;
        Assert.Equal((At(1), At(10), At(10)), (customer.FirstSeenAt, customer.LastSeenAt, customer.Window.MessageAt));
        Assert.Equal(2, customer.Activity.Count(k => k == Kinds.Text, Shanghai.Day(At(0)), Shanghai.Day(At(10))));
        // The next events count as ever.
        Assert.False(Decide(customer, Some.Event(Kinds.Unsubscribe, At(20))).Next.Subscribed);
        Assert.Equal(3, Decide(customer, Some.Text("y", At(20))).Next.Activity.Count(k => k == Kinds.Text, Shanghai.Day(At(0)), Shanghai.Day(At(20))));
    }

    [Fact]
    public void The_file_that_was_given_is_not_changed()
    {
        var before = After(["S1", "T2"]);
        var json = System.Text.Json.JsonSerializer.Serialize(before, CrmJson.Types.Customer);
        Decide(before, Some.Text("x", At(3)));
        Decide(before, Some.Event(Kinds.Unsubscribe, At(4)));
        Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(before, CrmJson.Types.Customer));
    }

    private static DateTimeOffset At(int second) => Some.Now.AddSeconds(second);

    private static int Second(string code) => code[1] - '0';

    /// <summary>S subscribe, U unsubscribe, T text, C click, Q scan, L location report, X a kind we do not know; with its second.</summary>
    private static Envelope Event(string code) => Some.Event(
        code[0] switch
        {
            'S' => Kinds.Subscribe,
            'U' => Kinds.Unsubscribe,
            'T' => Kinds.Text,
            'C' => Kinds.MenuClick,
            'Q' => Kinds.Scan,
            'L' => Kinds.LocationReport,
            _ => Kinds.UnknownEvent,
        },
        At(Second(code)));

    private static Customer After(IEnumerable<string> codes) =>
        codes.Aggregate((Customer?)null, (customer, code) => Decide(customer, Event(code)).Next)!;

    private static Customer Follows(params (string? Scene, int Second)[] follows) =>
        follows.Aggregate((Customer?)null, (c, f) => Decide(c, Some.Event(Kinds.Subscribe, At(f.Second), e => e with { Scene = f.Scene })).Next)!;

    private static CustomerDecision Decide(Customer? before, Envelope fact) => CustomerRules.Decide(before, fact, Some.NoTagRules, "stats-id");

    private static IEnumerable<List<string>> Permutations(string[] items) =>
        items.Length == 1 ? [[.. items]]
            : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => new List<string>([item, .. rest])));
}
