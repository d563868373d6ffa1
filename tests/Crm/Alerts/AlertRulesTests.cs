using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class AlertRulesTests
{
    private static readonly WordList Words = RuleSet.Of(
    [
        (RuleKind.Alerts, Some.Rule("rights", """{"words":["维权","315"],"level":"high","category":"维权","escalateAfterMinutes":15}""") with { Version = 4 }),
        (RuleKind.Alerts, Some.Rule("review", """{"words":["差评"],"level":"medium","category":"投诉","owner":"小王","escalateAfterMinutes":5}""")),
        (RuleKind.Alerts, Some.Rule("idle", """{"words":["便宜"],"level":"low","category":"价格"}""")),
    ]).Alerts;

    [Fact]
    public void A_message_is_one_alert_that_names_all_words()
    {
        var fact = Some.Text("差评！我要维*权，维权！打315", id: "4oymiquy7qobjgx36tejs35zeq");
        var alert = Decide(fact)!;
        Assert.Equal(["维权", "315", "差评"], alert.Words);
        Assert.Equal((AlertLevel.High, "维权", "店长", "rights", 4), (alert.Level, alert.Category, alert.Owner, alert.RuleId, alert.RuleVersion));
        Assert.Equal(("main", Some.Key, AlertState.Open, "差评！我要维*权，维权！打315"), (alert.Account, alert.Customer, alert.State, alert.Text));
        Assert.Equal((Some.Now, Some.Now.AddSeconds(3)), (alert.OccurredAt, alert.RaisedAt));
        // The least patient of the lists that hit: 5 minutes after it was raised.
        Assert.Equal(Some.Now.AddSeconds(3).AddMinutes(5), alert.DueAt);
    }

    [Fact]
    public void The_id_is_the_time_and_the_event_so_that_a_redelivery_is_the_same_alert()
    {
        var fact = Some.Text("维权", id: "4oymiquy7qobjgx36tejs35zeq");
        // 2026-03-02T02:00:00Z = 20514 days * 86400 s + 7200 s = 1772416800 s
        Assert.Equal("01772416800000~4oymiquy7qobjgx36tejs35zeq", Decide(fact)!.Id);
        Assert.Equal(Decide(fact)!.Id, AlertRules.Decide(fact, Some.Input(fact), Words, "other", Some.Now.AddHours(5))!.Id);
        Assert.True(Keys.IsLegal(Decide(fact)!.Id));
    }

    [Fact]
    public void No_word_is_no_alert_and_a_list_without_a_limit_is_never_escalated()
    {
        Assert.Null(Decide(Some.Text("你好")));
        Assert.Null(Decide(Some.Text("便宜"))!.DueAt);
        Assert.Equal("小王", Decide(Some.Text("差评"))!.Owner);
    }

    [Fact]
    public void A_list_watches_one_side_and_an_alert_says_which()
    {
        var words = RuleSet.Of(
        [
            (RuleKind.Alerts, Some.Rule("rights", """{"words":["维权"],"level":"high","category":"维权"}""")),
            (RuleKind.Alerts, Some.Rule("tips", """{"words":["小费"],"level":"high","category":"索要","side":"staff"}""")),
        ]).Alerts;
        var staff = Some.Event("wecom.message.text", with: e => e with { Text = "他要维权，我没要小费" }) with { Key = "main:~staff:zhangsan" };
        var alert = AlertRules.Decide(staff, Some.Input(staff), words, "店长", Some.Now)!;
        Assert.Equal((AlertSide.Staff, "main:~staff:zhangsan", "tips"), (alert.Side, alert.Customer, alert.RuleId));
        Assert.Equal(["小费"], alert.Words);
        var customer = Some.Text("我要维权，还要我小费");
        alert = AlertRules.Decide(customer, Some.Input(customer), words, "店长", Some.Now)!;
        Assert.Equal((AlertSide.Customer, Some.Key, "rights"), (alert.Side, alert.Customer, alert.RuleId));
        Assert.Equal(["维权"], alert.Words);
    }

    [Theory] // twenty characters to each side
    [InlineData("维权", "", "维权", "")]
    [InlineData("我要维 权啊", "我要", "维 权", "啊")]
    [InlineData("0123456789012345678901234维权0123456789012345678901234", "56789012345678901234", "维权", "01234567890123456789")]
    [InlineData("01234567890123456789维权01234567890123456789", "01234567890123456789", "维权", "01234567890123456789")]
    public void The_context_is_the_original_text_around_the_word(string text, string before, string match, string after) =>
        Assert.Equal(new AlertContext("维权", before, match, after), Assert.Single(Decide(Some.Text(text))!.Context));

    [Fact]
    public void The_context_never_cuts_an_emoji_in_half()
    {
        // An emoji is two characters; an odd one out puts the cut at 20 between its halves.
        var text = string.Concat(Enumerable.Repeat("😡", 15)) + "a维权b" + string.Concat(Enumerable.Repeat("😡", 15));
        var context = Assert.Single(Decide(Some.Text(text))!.Context);
        Assert.Equal(string.Concat(Enumerable.Repeat("😡", 9)) + "a", context.Before);
        Assert.Equal("b" + string.Concat(Enumerable.Repeat("😡", 9)), context.After);
    }

    [Fact]
    public void Each_word_has_its_own_context_once()
    {
        var context = Decide(Some.Text("维权。315。维权。"))!.Context;
        Assert.Equal([("维权", ""), ("315", "维权。")], context.Select(c => (c.Word, c.Before)));
    }

    [Fact]
    public void The_fact_about_an_alert_holds_nothing_that_the_customer_wrote()
    {
        var alert = Decide(Some.Text("我家住人民路100号，我要维权"))!;
        var json = System.Text.Json.JsonSerializer.Serialize(alert.Describe("li"), CrmServerless.Crm.CrmJson.Types.AlertFact);
        Assert.DoesNotContain("人民路", json, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.OpenId, json, StringComparison.Ordinal);
        Assert.Contains("\"words\":[\"维权\"]", json, StringComparison.Ordinal);
        Assert.Contains("\"level\":\"high\"", json, StringComparison.Ordinal);
    }

    private static Alert? Decide(Envelope fact) => AlertRules.Decide(fact, Some.Input(fact), Words, "店长", Some.Now.AddSeconds(3));
}
