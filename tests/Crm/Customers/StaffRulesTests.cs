using System.Globalization;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.Stages;

public sealed class StaffRulesTests
{
    [Fact]
    public void The_first_add_makes_the_file_with_its_source()
    {
        var (customer, outbox) = Decide(null, Event("A1 zhang", e => e with { State = "poster-spring" }));
        Assert.Equal((true, "poster-spring", Lifecycle.Follower), (customer.Subscribed, customer.Source, customer.Stage));
        Assert.Equal((At(1), At(1), null), (customer.FirstSeenAt, customer.SubscribedAt, customer.UnsubscribedAt));
        Assert.Equal([new StaffRelation { StaffId = "zhang", State = StaffState.Added, Since = At(1) }], customer.Staff);
        Assert.Equal(1, customer.In[WeComKinds.CustomerAdded]);
        Assert.Contains("\"to\":\"follower\"", Assert.Single(outbox).Data.GetRawText(), StringComparison.Ordinal);
        // Another colleague's code is where that add came from, not the customer.
        Assert.Equal("poster-spring", Decide(customer, Event("A2 li", e => e with { State = "card" })).Next.Source);
    }

    [Fact]
    public void An_earlier_add_that_comes_later_is_still_where_the_customer_came_from()
    {
        var (second, _) = Decide(null, Event("A3 zhang", e => e with { State = "second" }));
        var (both, _) = Decide(second, Event("A1 li", e => e with { State = "first" }));
        Assert.Equal(("first", At(3)), (both.Source, both.SubscribedAt));
        Assert.Equal("first", Decide(both, Event("A2 wang", e => e with { State = "between" })).Next.Source);
    }

    // A added, H half added, E edited, L lost, D deleted by staff, X deleted by transfer, S started a chat, F transfer failed; second; staff.
    [Theory]
    [InlineData("A1 zhang", "added", Lifecycle.Follower)]
    [InlineData("H1 zhang", "half_added", Lifecycle.Follower)]
    [InlineData("H1 zhang,A2 zhang", "added", Lifecycle.Follower)]
    [InlineData("H1 zhang,A1 zhang", "added", Lifecycle.Follower)] // confirmed within one second
    [InlineData("A1 zhang,L2 zhang", "lost", Lifecycle.Lost)]
    [InlineData("A1 zhang,D2 zhang", "deleted", Lifecycle.Lost)]
    [InlineData("A1 zhang,X2 zhang", "transferred", Lifecycle.Lost)]
    [InlineData("A1 zhang,L2 zhang,D3 zhang", "deleted", Lifecycle.Lost)]
    [InlineData("A1 zhang,L2 zhang,A3 zhang", "added", Lifecycle.Follower)]
    [InlineData("A1 zhang,L2 zhang,H3 zhang,L4 zhang", "lost", Lifecycle.Lost)]
    [InlineData("A1 zhang,L3 zhang,A2 li", "lost added", Lifecycle.Follower)]
    [InlineData("A1 zhang,A2 li,X3 zhang", "transferred added", Lifecycle.Follower)]
    [InlineData("A1 zhang,A2 li,L3 zhang,D4 li", "lost deleted", Lifecycle.Lost)]
    [InlineData("L2 zhang", "lost", Lifecycle.Lost)]
    [InlineData("A1 zhang,F2 li", "added", Lifecycle.Follower)] // a transfer that fails makes no relation
    [InlineData("F2 li", "", Lifecycle.Prospect)]
    public void Every_order_of_arrival_ends_the_same(string events, string states, string stage)
    {
        foreach (var order in Permutations(events.Split(',')))
        {
            var customer = After(order);
            Assert.True(states == States(customer) && stage == customer.Stage, $"{string.Join(',', order)}: {States(customer)}, {customer.Stage}");
            Assert.Equal(customer.Staff.Any(r => r.Has), customer.Subscribed);
        }
    }

    // Who edits a customer has him, whatever of the add and the end has arrived.
    [Theory]
    [InlineData("E1 zhang", true)]
    [InlineData("A1 zhang,L2 zhang,E3 zhang", true)]
    [InlineData("A1 zhang,E2 zhang,L3 zhang", false)]
    [InlineData("H1 zhang,E2 zhang,A3 zhang", true)]
    [InlineData("A1 zhang,L2 zhang,E3 zhang,D4 zhang", false)]
    [InlineData("E1 zhang,L1 zhang", false)] // one second
    public void What_only_colleagues_who_have_a_customer_can_do_tells_that_they_have_him(string events, bool has)
    {
        foreach (var order in Permutations(events.Split(',')))
            Assert.True(has == After(order).Subscribed, string.Join(',', order));
    }

    [Fact]
    public void An_add_that_arrives_after_an_edit_gives_the_relation_its_beginning()
    {
        var customer = After(["E5 zhang", "H2 zhang"]);
        Assert.Equal([new StaffRelation { StaffId = "zhang", State = StaffState.HalfAdded, Since = At(2), SeenAt = At(5) }], customer.Staff);
        Assert.Equal((At(2), At(2)), (customer.SubscribedAt, customer.FirstSeenAt));
    }

    [Theory] // two ends, or an end and a new beginning, in one second: the one that arrives later counts
    [InlineData("A1 zhang,L5 zhang,A5 zhang", true)]
    [InlineData("A1 zhang,A5 zhang,L5 zhang", false)]
    public void A_tie_is_settled_by_arrival(string events, bool has) => Assert.Equal(has, After(events.Split(',')).Subscribed);

    [Fact]
    public void A_repeated_event_changes_nothing_but_the_counts()
    {
        var once = After(["A1 zhang", "L2 zhang", "A3 zhang"]);
        var again = new[] { "L2 zhang", "A1 zhang", "A3 zhang" }.Aggregate(once, (c, e) => Decide(c, Event(e)).Next);
        Assert.Equal(once.Staff, again.Staff);
        Assert.Equal((once.Subscribed, once.Stage, once.SubscribedAt, once.UnsubscribedAt), (again.Subscribed, again.Stage, again.SubscribedAt, again.UnsubscribedAt));
    }

    [Fact]
    public void The_latest_transfer_that_failed_is_kept_with_its_reason()
    {
        var refused = Event("F5 li", e => e with { Reason = "customer_refused" });
        var full = Event("F3 wang", e => e with { Reason = "customer_limit_exceed" });
        foreach (var order in new[] { new[] { refused, full }, [full, refused] })
            Assert.Equal(new FailedTransfer("li", "customer_refused", At(5)), order.Aggregate(After(["A1 zhang"]), (c, f) => Decide(c, f).Next).FailedTransfer);
    }

    [Fact]
    public void Userids_do_not_tell_case_and_a_missing_one_is_no_relation()
    {
        Assert.Equal("lost", States(After(["A1 ZhangSan", "L2 zhangsan"])));
        var nobody = Decide(null, Event("A1 zhang", e => e with { StaffId = null })).Next;
        Assert.Equal((0, false, Lifecycle.Prospect, 1), (nobody.Staff.Count, nobody.Subscribed, nobody.Stage, nobody.In[WeComKinds.CustomerAdded]));
    }

    [Theory]
    [InlineData("customer_start_chat", Lifecycle.Active, true)]
    [InlineData("del_follow_user", Lifecycle.Lost, false)]
    public void Acquisition_events_of_a_customer_tell_the_same_as_his_own(string change, string stage, bool subscribed)
    {
        var customer = Decide(After(["A1 zhang"]), Some.Event(WeComKinds.Acquisition + change, At(2), e => e with { StaffId = "zhang", State = "poster" })).Next;
        Assert.Equal((stage, subscribed), (customer.Stage, customer.Subscribed));
    }

    [Theory] // second of the last act
    [InlineData("A1 zhang,E5 zhang", 1)]
    [InlineData("A1 zhang,D5 zhang,F6 li", 1)]
    [InlineData("A1 zhang,H5 li", 5)]
    [InlineData("A1 zhang,L5 zhang", 5)]
    public void What_staff_do_is_in_the_file_and_is_no_act_of_the_customer(string events, int second)
    {
        foreach (var order in Permutations(events.Split(',')))
        {
            var customer = After(order);
            Assert.Equal((At(second), order.Count), (customer.LastSeenAt, (int)customer.In.Values.Sum()));
            Assert.Equal(0, customer.Activity.Count(k => k == WeComKinds.CustomerEdited, DateOnly.MinValue, DateOnly.MaxValue));
        }
    }

    [Fact]
    public void Relations_are_bounded_those_that_are_over_go_first()
    {
        var customer = After(["A1 gone", "L2 gone"]);
        for (var n = 0; n < StaffRules.MaxStaff - 1; n++) customer = Decide(customer, Some.Event(WeComKinds.CustomerAdded, At(10 + n), e => e with { StaffId = $"s{n}" })).Next;
        Assert.Equal(StaffRules.MaxStaff, customer.Staff.Count);
        customer = Decide(customer, Some.Event(WeComKinds.CustomerAdded, At(90), e => e with { StaffId = "new" })).Next;
        Assert.Equal(StaffRules.MaxStaff, customer.Staff.Count);
        Assert.DoesNotContain(customer.Staff, r => r.StaffId == "gone");
        customer = Decide(customer, Some.Event(WeComKinds.CustomerAdded, At(91), e => e with { StaffId = "newer" })).Next;
        Assert.DoesNotContain(customer.Staff, r => r.StaffId == "s0");
        // An end of somebody who is not known any more pushes nobody out.
        customer = Decide(customer, Some.Event(WeComKinds.CustomerLost, At(92), e => e with { StaffId = "s0" })).Next;
        Assert.Equal((StaffRules.MaxStaff, true), (customer.Staff.Count(r => r.Has), customer.Subscribed));
    }

    [Fact]
    public void A_tag_rule_matches_the_state_as_a_state_and_as_a_scene()
    {
        var rules = Some.Rules(
            (RuleKind.Tags, Some.Rule("by-state", """{"tags":["海报"]}""", new RuleCondition { States = ["poster-*"] })),
            (RuleKind.Tags, Some.Rule("by-scene", """{"tags":["春季"]}""", new RuleCondition { Scenes = ["poster-spring"] })),
            (RuleKind.Tags, Some.Rule("other", """{"tags":["门店"]}""", new RuleCondition { States = ["store-*"] })));
        var added = Event("A1 zhang", e => e with { State = "poster-spring" });
        Assert.Equal(["春季", "海报"], CustomerRules.Decide(null, added, rules.Tags, "s").Next.Tags.Select(t => t.Name));
        Assert.Empty(CustomerRules.Decide(null, Event("A1 zhang"), rules.Tags, "s").Next.Tags);
    }

    // What was before, what comes, and who gets the tags that the customer has already.
    [Theory]
    [InlineData("A1 zhang", "A2 li", "li")]
    [InlineData("A1 zhang", "H2 li", "li")]
    [InlineData("A1 zhang", "E2 li", "li")] // his add is on its way or was lost
    [InlineData("A1 zhang,A2 li,D3 li", "A4 li", "li")]
    [InlineData("A1 zhang,A2 li,L3 li", "H4 li", "li")]
    [InlineData("A1 zhang,L2 zhang", "A3 zhang", "zhang")]
    [InlineData("A1 zhang,A2 li", "A4 li", "li")] // the end between the two has not arrived
    [InlineData("A1 zhang,H2 li", "A3 li", null)] // he confirms
    [InlineData("A1 zhang,E5 li", "A2 li", null)] // it was only late
    [InlineData("A1 zhang,A3 li", "H2 li", null)]
    [InlineData("A1 zhang,A2 li,D4 li", "A3 li", null)]
    [InlineData("A1 zhang", "E2 zhang", null)]
    [InlineData("A1 zhang,A2 li", "D3 li", null)]
    [InlineData("A1 zhang", "F2 li", null)]
    public void Who_is_new_is_told_once_to_who_carries_tags(string before, string comes, string? staff)
    {
        var customer = After(before.Split(','));
        Assert.DoesNotContain(Decide(customer, Event(comes)).Outbox, f => f.Subject == Subjects.CustomerShared); // without tags there is nothing to carry
        var tagged = customer with { Tags = [new CustomerTag("金卡", "r", 1, null, At(0))] };
        var shared = Decide(tagged, Event(comes)).Outbox.Where(f => f.Subject == Subjects.CustomerShared).ToList();
        Assert.Equal(staff is null ? [] : [staff], shared.Select(f => f.Data.GetProperty("staffId").GetString()));
    }

    [Fact]
    public void What_the_event_itself_gives_goes_to_all_and_is_no_reason_to_tell()
    {
        var rules = Some.Rules((RuleKind.Tags, Some.Rule("by-state", """{"tags":["海报"]}""", new RuleCondition { States = ["poster-*"] })));
        var outbox = CustomerRules.Decide(After(["A1 zhang"]), Event("A2 li", e => e with { State = "poster-7" }), rules.Tags, "s").Outbox;
        Assert.Equal([Subjects.CustomerTagged], outbox.Select(f => f.Subject));
    }

    private static DateTimeOffset At(int second) => Some.Now.AddSeconds(second);

    private static Envelope Event(string code, Func<EventReceived, EventReceived>? with = null)
    {
        var kind = code[0] switch
        {
            'A' => WeComKinds.CustomerAdded,
            'H' => WeComKinds.CustomerHalfAdded,
            'E' => WeComKinds.CustomerEdited,
            'L' => WeComKinds.CustomerLost,
            'F' => WeComKinds.TransferFailed,
            _ => WeComKinds.CustomerDeleted,
        };
        var (second, staff) = (int.Parse(code[1..2], CultureInfo.InvariantCulture), code[3..]);
        return Some.Event(kind, At(second), e =>
        {
            e = e with { StaffId = staff, Reason = code[0] == 'X' ? "DELETE_BY_TRANSFER" : null };
            return with is null ? e : with(e);
        });
    }

    // By the first letter of the staff's name, so that the order of arrival does not show.
    private static string States(Customer customer) => string.Join(' ', customer.Staff.OrderByDescending(r => r.StaffId, StringComparer.Ordinal)
        .Select(r => System.Text.Json.JsonSerializer.SerializeToElement(r, CrmServerless.Crm.CrmJson.Types.StaffRelation).GetProperty("state").GetString()));

    private static Customer After(IEnumerable<string> codes) =>
        codes.Aggregate((Customer?)null, (customer, code) => Decide(customer, Event(code)).Next)!;

    private static CustomerDecision Decide(Customer? before, Envelope fact) => CustomerRules.Decide(before, fact, Some.NoTagRules, "stats-id");

    private static IEnumerable<List<string>> Permutations(string[] items) =>
        items.Length == 1 ? [[.. items]]
            : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => new List<string>([item, .. rest])));
}
