using System.Globalization;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

public sealed class WordListTests
{
    [Fact]
    public void All_words_are_named_the_gravest_list_first()
    {
        var words = Lists(("low", "low", ["便宜"], 1), ("high", "high", ["维权", "315"], 2), ("medium", "medium", ["投诉", "差评"], 3));
        var hits = words.Find(Some.Input(Some.Text("便宜没好货，我要投诉，打315，维*权")));
        Assert.Equal(["维权", "315", "投诉", "便宜"], hits.Select(h => h.Word));
        Assert.Equal(["high", "high", "medium", "low"], hits.Select(h => h.Rule.Id));
    }

    [Fact]
    public void Within_a_level_the_order_of_the_rules_decides()
    {
        var words = Lists(("b", "high", ["差评"], 2), ("a", "high", ["投诉"], 2), ("z", "high", ["退款"], 1));
        Assert.Equal(["z", "a", "b"], words.Find(Some.Input(Some.Text("差评投诉退款"))).Select(h => h.Rule.Id));
    }

    [Fact]
    public void A_word_inside_a_longer_one_is_named_beside_it()
    {
        var words = Lists(("a", "high", ["维权", "消费维权", "12315", "315"], 1));
        Assert.Equal(["维权", "消费维权"], words.Find(Some.Input(Some.Text("消费维权"))).Select(h => h.Word));
        Assert.Equal(["12315"], words.Find(Some.Input(Some.Text("打12315"))).Select(h => h.Word));
    }

    [Fact]
    public void The_lists_own_condition_counts()
    {
        var rule = Some.Rule("a", """{"words":["投诉"],"level":"high","category":"c"}""", new RuleCondition { Accounts = ["shop"] });
        var words = RuleSet.Of([(RuleKind.Alerts, rule)]).Alerts;
        Assert.Empty(words.Find(Some.Input(Some.Text("投诉"))));
        Assert.Single(words.Find(Some.Input(Some.Text("投诉") with { Key = "shop:o" })));
    }

    [Fact]
    public void No_words_and_no_text_are_no_hit()
    {
        Assert.Empty(WordList.Empty.Find(Some.Input(Some.Text("投诉"))));
        Assert.Empty(Lists(("a", "high", ["投诉"], 1)).Find(Some.Input(Some.Event(Kinds.Image))));
        Assert.Empty(Lists(("a", "high", ["投诉"], 1)).Find(Some.Input(Some.Text(""))));
    }

    [Fact]
    public void A_text_without_a_hit_is_searched_for_ten_thousand_words_without_allocating()
    {
        var tenThousand = Enumerable.Range(0, 9_999).Select(n => "词" + n.ToString(CultureInfo.InvariantCulture) + "号").Append("维权").ToArray();
        var words = Lists(("many", "high", tenThousand, 1));
        var clean = Some.Input(Some.Text("今天的乌龙茶很好喝，请问明天几点开门？我想带朋友一起来。"));
        Assert.Equal(28, clean.Text!.Original.Length); // folded once, before the measurement
        Assert.Empty(words.Find(clean));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var hits = words.Find(clean);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(hits);
        Assert.Equal(0, allocated);
        Assert.Equal(["词9998号", "维权"], words.Find(Some.Input(Some.Text("词9998号要维 权"))).Select(h => h.Word));
    }

    private static WordList Lists(params (string Id, string Level, string[] Words, int Order)[] lists) =>
        RuleSet.Of(lists.Select(l => (RuleKind.Alerts, Some.Rule(l.Id, $$"""{"words":["{{string.Join("\",\"", l.Words)}}"],"level":"{{l.Level}}","category":"c"}""", order: l.Order)))).Alerts;
}
