using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Tags;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class TagRulesTests
{
    private static readonly Customer Nobody = new() { Key = Some.Key, StatsId = "s", FirstSeenAt = Some.Now, LastSeenAt = Some.Now };

    [Fact]
    public void Every_rule_that_matches_gives_its_tags_and_is_named()
    {
        var (next, tagged) = Decide(Nobody, "多少钱",
            Says("price", "多少钱", "价格敏感", 3), Says("money", "钱", "谈钱", 1), Says("store", "门店", "门店客户", 1));
        Assert.Equal([("价格敏感", "price", 3), ("谈钱", "money", 1)], next.Tags.Select(t => (t.Name, t.RuleId!, t.RuleVersion!.Value)));
        Assert.All(next.Tags, t => Assert.Equal((null, Some.Now), (t.By, t.At)));
        Assert.Equal([new CustomerTagged("价格敏感", true, "price", 3), new CustomerTagged("谈钱", true, "money", 1)], tagged);
    }

    [Fact]
    public void A_tag_is_given_once_and_keeps_the_rule_that_gave_it()
    {
        var (first, _) = Decide(Nobody, "多少钱", Says("price", "多少钱", "价格敏感", 3));
        var (again, tagged) = Decide(first, "多少钱", Says("price", "多少钱", "价格敏感", 4), Says("other", "钱", "价格敏感", 1));
        Assert.Empty(tagged);
        Assert.Same(first, again);
    }

    [Fact]
    public void A_rule_gives_only_what_is_missing_and_each_tag_once()
    {
        var (first, _) = Decide(Nobody, "a", Says("one", "a", "x", 1));
        var (next, tagged) = Decide(first, "a", Rule("both", "a", """{"tags":["x","y","y"]}"""));
        Assert.Equal(["x", "y"], next.Tags.Select(t => t.Name));
        Assert.Equal("y", Assert.Single(tagged).Tag);
    }

    [Fact]
    public void A_person_gives_and_takes_and_is_named()
    {
        var (first, _) = Decide(Nobody, "a", Says("one", "a", "x", 1));
        var (next, tagged) = TagRules.Edit(first, ["vip", "vip", "x"], ["x", "x", "unknown"], "li", Some.Now.AddHours(1));
        Assert.Equal(new CustomerTag("vip", null, null, "li", Some.Now.AddHours(1)), Assert.Single(next.Tags));
        Assert.Equal([new CustomerTagged("vip", true, By: "li"), new CustomerTagged("x", false, By: "li")], tagged);
    }

    [Fact]
    public void An_edit_that_changes_nothing_says_nothing()
    {
        var (next, tagged) = TagRules.Edit(Nobody, [], ["x"], "li", Some.Now);
        Assert.Same(Nobody, next);
        Assert.Empty(tagged);
    }

    private static (Customer Next, IReadOnlyList<CustomerTagged> Tagged) Decide(Customer customer, string text, params Rule[] rules) =>
        TagRules.Decide(customer, Some.Input(Some.Text(text), customer.Snapshot()), RuleSet.Of(rules.Select((r, n) => (RuleKind.Tags, r))).Tags);

    private static Rule Says(string id, string word, string tag, int version) => Rule(id, word, $$"""{"tags":["{{tag}}"]}""") with { Version = version, Order = id == "price" ? 1 : 100 };

    private static Rule Rule(string id, string word, string then) => Some.Rule(id, then, new RuleCondition { Text = new TextCondition(Any: [word]) });
}
