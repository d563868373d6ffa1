using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

public sealed class RuleMatcherTests
{
    [Fact]
    public void What_is_absent_holds() => Assert.True(Matches(new RuleCondition(), Some.Event(Kinds.Subscribe)));

    [Theory]
    [InlineData("main", true)]
    [InlineData("shop", false)]
    [InlineData("Main", false)]
    public void The_account_is_one_of_those_named(string account, bool expected) =>
        Assert.Equal(expected, Matches(new RuleCondition { Accounts = [account] }, Some.Text("hi")));

    [Theory]
    [InlineData("oa.message.text", true)]
    [InlineData("oa.message.*", true)]
    [InlineData("*", true)]
    [InlineData("oa.message.text*", true)]
    [InlineData("oa.message", false)]
    [InlineData("oa.message.image", false)]
    [InlineData("OA.MESSAGE.*", false)]
    [InlineData("*.text", false)] // a star stands for a rest only
    public void A_kind_may_end_in_a_star(string pattern, bool expected)
    {
        Assert.Equal(expected, Matches(new RuleCondition { Kinds = [pattern] }, Some.Text("hi")));
        Assert.True(Matches(new RuleCondition { Kinds = [pattern, "oa.*"] }, Some.Text("hi")));
    }

    [Theory]
    [InlineData("store-01", true)]
    [InlineData("store-", true)]
    [InlineData("restore-01", false)]
    [InlineData(null, false)]
    public void A_scene_may_end_in_a_star_and_no_scene_is_none(string? scene, bool expected) =>
        Assert.Equal(expected, Matches(new RuleCondition { Scenes = ["store-*"] }, Some.Event(Kinds.Scan, with: e => e with { Scene = scene })));

    [Theory]
    [InlineData("MENU_OFFERS", true)]
    [InlineData("MENU_OFFERS2", false)]
    [InlineData(null, false)]
    public void A_menu_key_is_exact(string? key, bool expected) =>
        Assert.Equal(expected, Matches(new RuleCondition { MenuKeys = ["MENU_OFFERS"] }, Some.Event(Kinds.MenuClick, with: e => e with { MenuKey = key })));

    [Fact]
    public void Any_all_none_and_exact_hold_together()
    {
        var text = new TextCondition(Any: ["奶茶", "咖啡"], All: ["多少", "钱"], None: ["退款"]);
        Assert.True(Says(text, "奶 茶多少钱"));
        Assert.True(Says(text, "钱…咖啡要多少"));
        Assert.False(Says(text, "多少钱"));
        Assert.False(Says(text, "奶茶多少"));
        Assert.False(Says(text, "奶茶多少钱，退*款"));
        Assert.True(Says(new TextCondition(None: ["退款"]), "你好"));
    }

    [Theory]
    [InlineData("优惠", true)]
    [InlineData(" 优 惠 ", true)]
    [InlineData("优惠吗", false)]
    [InlineData("", false)]
    public void Exact_is_the_whole_text_after_folding(string text, bool expected) =>
        Assert.Equal(expected, Says(new TextCondition(Exact: ["优惠"]), text));

    [Theory]
    [InlineData("😡")]
    [InlineData("")]
    [InlineData("***")]
    public void A_word_of_symbols_is_not_every_text_of_symbols(string text) => Assert.False(Says(new TextCondition(Exact: ["👍"]), text));

    [Fact]
    public void A_condition_on_text_needs_a_text() =>
        Assert.False(Matches(new RuleCondition { Text = new TextCondition(None: ["退款"]) }, Some.Event(Kinds.Subscribe)));

    [Theory]
    [InlineData("订单12345678", true)]
    [InlineData("订单1234567", false)]
    [InlineData("订单 12345678", false)] // as written: an expression is not folded
    public void An_expression_sees_the_text_as_written(string text, bool expected) =>
        Assert.Equal(expected, Says(new TextCondition(Regex: @"订单\d{8}"), text));

    [Fact]
    public void An_expression_that_would_backtrack_for_ever_does_not()
    {
        // (a+)+$ over 30 times a and a b takes 2^30 steps when backtracking: minutes. There is a limit of time, so
        // a backtracking engine would answer "no match" too: what tells them apart is that here a match is found.
        Assert.True(Says(new TextCondition(Regex: "(a+)+b$"), new string('a', 5000) + "b"));
        Assert.False(Says(new TextCondition(Regex: "(a+)+$"), new string('a', 5000) + "c"));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(a)\\1")]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    public void An_expression_that_is_none_or_not_linear_says_where_and_why(string pattern)
    {
        var fault = Assert.Throws<ArgumentException>(() => new RuleMatcher(new RuleCondition { Text = new TextCondition(Regex: pattern) }));
        Assert.StartsWith("when.text.regex: ", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Length > "when.text.regex: ".Length + 10);
    }

    [Theory] // one degree of latitude is pi * 6371 / 180 = 111.195 km
    [InlineData(32.2304, 121.4737, 111.2, true)]
    [InlineData(32.2304, 121.4737, 111.1, false)]
    [InlineData(31.2304, 121.5262, 4.995, true)] // 0.0525 degrees of longitude at 31.23 north: 4.9918 km
    [InlineData(31.2304, 121.5262, 4.990, false)]
    [InlineData(31.2304, 121.4737, 0.001, true)]
    [InlineData(31.1443, 121.8083, 33.3, true)] // People's Square to Pudong airport: 33.237 km
    [InlineData(31.1443, 121.8083, 33.2, false)]
    public void Within_is_the_distance_over_the_globe(double latitude, double longitude, double km, bool expected) =>
        Assert.Equal(expected, Matches(Near(31.2304, 121.4737, km), At(latitude, longitude)));

    [Fact]
    public void Within_works_over_the_date_line_and_on_the_other_side_of_the_globe()
    {
        Assert.True(Matches(Near(0, 179.5, 111.2), At(0, -179.5)));
        Assert.False(Matches(Near(0, 179.5, 111.1), At(0, -179.5)));
        Assert.True(Matches(Near(0, 0, 20_016), At(0, 180))); // pi * 6371 = 20015.09
        Assert.False(Matches(Near(0, 0, 20_015), At(0, 180)));
    }

    [Fact]
    public void Without_a_place_nothing_is_within() => Assert.False(Matches(Near(0, 0, 20_000), Some.Text("hi")));

    [Fact]
    public void Tags_are_had_all_and_none()
    {
        var snapshot = Some.Snapshot() with { Tags = ["a", "b"] };
        Assert.True(Matches(new RuleCondition { Tags = new TagCondition(All: ["a", "b"], None: ["c"]) }, Some.Text("x"), snapshot));
        Assert.False(Matches(new RuleCondition { Tags = new TagCondition(All: ["a", "c"]) }, Some.Text("x"), snapshot));
        Assert.False(Matches(new RuleCondition { Tags = new TagCondition(None: ["c", "b"]) }, Some.Text("x"), snapshot));
        Assert.True(Matches(new RuleCondition { Tags = new TagCondition(None: ["a"]) }, Some.Text("x")));
        Assert.False(Matches(new RuleCondition { Tags = new TagCondition(All: ["a"]) }, Some.Text("x")));
    }

    [Theory]
    [InlineData(Lifecycle.Active, true)]
    [InlineData(Lifecycle.Lost, false)]
    public void The_stage_is_one_of_those_named(string stage, bool expected)
    {
        var when = new RuleCondition { Stages = [Lifecycle.Active, Lifecycle.Follower] };
        Assert.Equal(expected, Matches(when, Some.Text("x"), Some.Snapshot() with { Stage = stage }));
        Assert.False(Matches(when, Some.Text("x"))); // an alert rule sees no customer
    }

    [Theory] // the event is on Monday, 2026-03-02, 10:00 in Shanghai; three days are Saturday to Monday
    [InlineData(new[] { "2026-02-28 00:00", "2026-03-01 12:00", "2026-03-02 10:00" }, true)]
    [InlineData(new[] { "2026-02-27 23:59", "2026-03-01 12:00", "2026-03-02 10:00" }, false)]
    [InlineData(new[] { "2026-03-02 09:58", "2026-03-02 09:59", "2026-03-02 10:00" }, true)]
    [InlineData(new[] { "2026-03-01 12:00", "2026-03-02 10:00" }, false)]
    [InlineData(new[] { "2026-03-01 12:00", "2026-03-02 10:00", "2026-03-03 00:00" }, false)] // tomorrow's came first
    public void Three_texts_in_three_days_are_counted_by_Shanghai_days(string[] times, bool expected)
    {
        var activity = times.Aggregate(Activity.None, (known, time) => known.Add(Kinds.Text, Shanghai.Day(Some.Shanghai(time))));
        var when = new RuleCondition { Count = new CountCondition(["oa.message.*"], 3, 3) };
        Assert.Equal(expected, Matches(when, Some.Text("x"), Some.Snapshot() with { Activity = activity }));
    }

    [Fact]
    public void Only_the_kinds_named_are_counted_and_without_a_customer_nothing_is()
    {
        var activity = Activity.None.Add(Kinds.Text, Shanghai.Day(Some.Now)).Add(Kinds.MenuClick, Shanghai.Day(Some.Now));
        var snapshot = Some.Snapshot() with { Activity = activity };
        Assert.False(Matches(new RuleCondition { Count = new CountCondition([Kinds.Text], 2, 30) }, Some.Text("x"), snapshot));
        Assert.True(Matches(new RuleCondition { Count = new CountCondition([Kinds.Text, "oa.menu.*"], 2, 30) }, Some.Text("x"), snapshot));
        Assert.False(Matches(new RuleCondition { Count = new CountCondition([Kinds.Text], 1, 30) }, Some.Text("x")));
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(2, true, false)]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    public void The_first_of_a_kind_is_the_one_that_made_the_counter_one(int count, bool firstTime, bool expected)
    {
        var snapshot = Some.Snapshot() with { Counters = new Dictionary<string, long> { [Kinds.Text] = count, [Kinds.Image] = 1 } };
        Assert.Equal(expected, Matches(new RuleCondition { FirstTime = firstTime }, Some.Text("x"), snapshot));
        Assert.False(Matches(new RuleCondition { FirstTime = firstTime }, Some.Text("x")));
    }

    [Theory]
    [InlineData("09:00", "18:00", "2026-03-02 08:59:59", false)]
    [InlineData("09:00", "18:00", "2026-03-02 09:00:00", true)]
    [InlineData("09:00", "18:00", "2026-03-02 17:59:59", true)]
    [InlineData("09:00", "18:00", "2026-03-02 18:00:00", false)]
    [InlineData("22:00", "06:00", "2026-03-02 21:59:59", false)]
    [InlineData("22:00", "06:00", "2026-03-02 22:00:00", true)]
    [InlineData("22:00", "06:00", "2026-03-02 00:00:00", true)]
    [InlineData("22:00", "06:00", "2026-03-02 05:59:59", true)]
    [InlineData("22:00", "06:00", "2026-03-02 06:00:00", false)]
    [InlineData("18:00", "00:00", "2026-03-02 23:59:59", true)]
    [InlineData("18:00", "00:00", "2026-03-02 00:00:00", false)]
    public void The_time_of_day_is_Shanghais_from_inclusive_to_exclusive_and_may_pass_midnight(string from, string to, string at, bool expected) =>
        Assert.Equal(expected, Matches(new RuleCondition { TimeOfDay = new TimeOfDayCondition(from, to) }, Some.Text("x", Some.Shanghai(at))));

    [Theory]
    [InlineData("2026-03-01", "2026-03-02", "2026-02-28 23:59:59", false)]
    [InlineData("2026-03-01", "2026-03-02", "2026-03-01 00:00:00", true)]
    [InlineData("2026-03-01", "2026-03-02", "2026-03-02 23:59:59", true)]
    [InlineData("2026-03-01", "2026-03-02", "2026-03-03 00:00:00", false)]
    [InlineData(null, "2026-03-02", "2011-03-03 00:00:00", true)]
    [InlineData("2026-03-01", null, "2099-03-03 00:00:00", true)]
    [InlineData(null, null, "2026-03-03 00:00:00", true)]
    public void Dates_are_Shanghais_both_inclusive(string? from, string? to, string at, bool expected)
    {
        var dates = new DateCondition(Day(from), Day(to));
        Assert.Equal(expected, Matches(new RuleCondition { Dates = dates }, Some.Text("x", Some.Shanghai(at))));
    }

    [Theory]
    [InlineData("9:00", "18:00", "when.timeOfDay.from: expected HH:mm.")]
    [InlineData("09:00", "24:00", "when.timeOfDay.to: expected HH:mm.")]
    [InlineData("09:00", "", "when.timeOfDay.to: expected HH:mm.")]
    public void A_time_that_is_none_says_where_and_why(string from, string to, string expected)
    {
        var when = new RuleCondition { TimeOfDay = new TimeOfDayCondition(from, to) };
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => new RuleMatcher(when)).Message);
    }

    [Fact]
    public void An_event_with_an_implausible_time_is_judged_by_the_time_of_its_receipt()
    {
        // WeChat's CreateTime was 0: at 08:00 in Shanghai in 1970 nobody's quiet hours are on.
        var fact = Some.Event(Kinds.Text, DateTimeOffset.UnixEpoch, e => e with { Text = "x", CountedAt = Some.Shanghai("2026-03-02 23:00") });
        Assert.True(Matches(new RuleCondition { TimeOfDay = new TimeOfDayCondition("22:00", "06:00") }, fact));
        Assert.True(Matches(new RuleCondition { Dates = new DateCondition(new DateOnly(2026, 3, 2), new DateOnly(2026, 3, 2)) }, fact));
    }

    private static bool Says(TextCondition condition, string text) => Matches(new RuleCondition { Text = condition }, Some.Text(text));

    private static bool Matches(RuleCondition when, Envelope fact, CustomerSnapshot? customer = null) =>
        new RuleMatcher(when).Matches(Some.Input(fact, customer));

    private static RuleCondition Near(double latitude, double longitude, double km) => new() { Within = new AreaCondition(latitude, longitude, km) };

    private static Envelope At(double latitude, double longitude) =>
        Some.Event(Kinds.Location, with: e => e with { Location = new GeoPoint(latitude, longitude) });

    private static DateOnly? Day(string? text) =>
        text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
