using System.Text;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Tests.Stages;

public sealed class RuleValidatorTests
{
    private const string Tag = """{"tags":["a"]}""";

    [Fact]
    public void Every_default_rule_is_a_good_rule()
    {
        var defaults = RuleBook.Defaults();
        Assert.Equal(RuleKind.All.Order(StringComparer.Ordinal), defaults.Keys.Order(StringComparer.Ordinal));
        foreach (var (kind, rules) in defaults)
            foreach (var rule in rules) Assert.Empty(RuleValidator.Check(kind, rule));
    }

    [Fact]
    public void A_rule_with_everything_is_read()
    {
        var (rule, faults) = Read(RuleKind.Tags, """
            {"id":"r","name":"n","enabled":false,"order":5,"when":{"accounts":["main"],"kinds":["oa.*"],"text":{"any":["a"],"all":["b"],"none":["c"],"exact":["d"],"regex":"e"},
             "menuKeys":["K"],"scenes":["s-*"],"within":{"latitude":31,"longitude":121,"km":5},"tags":{"all":["t"],"none":["u"]},"stages":["active"],
             "count":{"kinds":["oa.*"],"atLeast":3,"days":7},"firstTime":true,"timeOfDay":{"from":"22:00","to":"06:00"},"dates":{"from":"2026-01-01","to":"2026-12-31"}},
             "then":{"tags":["a"]}}
            """);
        Assert.Empty(faults);
        Assert.Equal(("r", false, 5, 7, 5.0), (rule!.Id, rule.Enabled, rule.Order, rule.When.Count!.Days, rule.When.Within!.Km));
    }

    [Theory] // what is wrong, and the words that the message must have: the place, then the reason
    [InlineData("null", "$: ", "rule")]
    [InlineData("", "$: ", "JSON")]
    [InlineData("[]", "$: ", "form")]
    [InlineData("""{"id":"r"}""", "$: ", "then")]
    [InlineData("""{"then":{"tags":["a"]}}""", "$: ", "id")]
    [InlineData("""{"id":"r","wen":{},"then":{"tags":["a"]}}""", "$.wen: ", "wen")]
    [InlineData("""{"id":"r","when":{"kind":["oa.*"]},"then":{"tags":["a"]}}""", "$.when.kind: ", "kind")]
    [InlineData("""{"id":"r","when":{"text":{"al":["a"]}},"then":{"tags":["a"]}}""", "$.when.text.al: ", "al")]
    [InlineData("""{"id":"r","when":{"count":{"kinds":["oa.*"],"atLeast":3}},"then":{"tags":["a"]}}""", "$.when.count: ", "days")]
    [InlineData("""{"id":"r","when":null,"then":{"tags":["a"]}}""", "$.when: ", "null")]
    [InlineData("""{"id":"r","order":"x","then":{"tags":["a"]}}""", "$.order: ", "form")]
    [InlineData("""{"id":"r","when":{"dates":{"from":"1.3.2026"}},"then":{"tags":["a"]}}""", "$.when.dates.from: ", "form")]
    public void What_cannot_be_read_says_where_and_why(string json, string where, string why)
    {
        var (rule, faults) = Read(RuleKind.Tags, json);
        Assert.Null(rule);
        var fault = Assert.Single(faults);
        Assert.StartsWith(where, fault, StringComparison.Ordinal);
        Assert.Contains(why, fault[where.Length..], StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("CrmServerless", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text":{}}""", "when.text: give any, all, none, exact or regex.")]
    [InlineData("""{"text":{"regex":"("}}""", "when.text.regex: ")]
    [InlineData("""{"timeOfDay":{"from":"9","to":"10:00"}}""", "when.timeOfDay.from: expected HH:mm.")]
    [InlineData("""{"timeOfDay":{"from":"09:00","to":"09:00"}}""", "when.timeOfDay: ")]
    [InlineData("""{"dates":{"from":"2026-03-02","to":"2026-03-01"}}""", "when.dates: ")]
    [InlineData("""{"count":{"kinds":[],"atLeast":3,"days":7}}""", "when.count.kinds: ")]
    [InlineData("""{"count":{"kinds":["oa.*"],"atLeast":0,"days":7}}""", "when.count: atLeast 1 to 10000, days 1 to 30.")]
    [InlineData("""{"count":{"kinds":["oa.*"],"atLeast":10001,"days":7}}""", "when.count: atLeast 1 to 10000, days 1 to 30.")]
    [InlineData("""{"count":{"kinds":["oa.*"],"atLeast":3,"days":0}}""", "when.count: atLeast 1 to 10000, days 1 to 30.")]
    [InlineData("""{"count":{"kinds":["oa.*"],"atLeast":3,"days":31}}""", "when.count: atLeast 1 to 10000, days 1 to 30.")]
    [InlineData("""{"within":{"latitude":91,"longitude":0,"km":1}}""", "when.within: ")]
    [InlineData("""{"within":{"latitude":0,"longitude":-181,"km":1}}""", "when.within: ")]
    [InlineData("""{"within":{"latitude":0,"longitude":0,"km":0}}""", "when.within: ")]
    [InlineData("""{"within":{"latitude":0,"longitude":0,"km":20001}}""", "when.within: ")]
    [InlineData("""{"kinds":[]}""", "when.kinds: ")] // an empty list holds for nothing, which nobody means
    [InlineData("""{"kinds":[null]}""", "when.kinds: ")]
    [InlineData("""{"kinds":[""]}""", "when.kinds: ")]
    [InlineData("""{"accounts":[null]}""", "when.accounts: ")]
    [InlineData("""{"menuKeys":[]}""", "when.menuKeys: ")]
    [InlineData("""{"scenes":[null]}""", "when.scenes: ")]
    [InlineData("""{"stages":[]}""", "when.stages: ")]
    [InlineData("""{"tags":{"all":[null]}}""", "when.tags.all: ")]
    [InlineData("""{"tags":{"none":[]}}""", "when.tags.none: ")]
    [InlineData("""{"count":{"kinds":[null],"atLeast":3,"days":7}}""", "when.count.kinds: ")]
    [InlineData("""{"text":{"any":[null]}}""", "when.text.any: ")]
    [InlineData("""{"text":{"all":[]}}""", "when.text.all: ")]
    [InlineData("""{"text":{"none":["ok","***"]}}""", "when.text.none: \"***\" has no letter left after folding.")]
    [InlineData("""{"text":{"exact":["👍"]}}""", "when.text.exact: \"👍\" has no letter left after folding.")]
    public void A_condition_that_cannot_be_meant_says_where_and_why(string when, string expected)
    {
        var (rule, faults) = Read(RuleKind.Tags, $$"""{"id":"r","when":{{when}},"then":{{Tag}}}""");
        Assert.Null(rule);
        Assert.StartsWith(expected, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RuleKind.Tags, "null", "then: missing.")]
    [InlineData(RuleKind.Tags, "{}", "then: ")]
    [InlineData(RuleKind.Tags, """{"tags":[]}""", "then.tags: at least one, each 1 to 30 characters.")]
    [InlineData(RuleKind.Tags, """{"tags":[null]}""", "then.tags: at least one, each 1 to 30 characters.")]
    [InlineData(RuleKind.Tags, """{"tags":["一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"]}""", "then.tags: at least one, each 1 to 30 characters.")]
    [InlineData(RuleKind.Tags, """{"tag":["a"]}""", "then.tag: ")]
    [InlineData(RuleKind.Tags, """{"text":"a"}""", "then.text: ")]
    [InlineData(RuleKind.Replies, """{"text":"a","transfer":{}}""", "then: give either text, news or transfer,")]
    [InlineData(RuleKind.Replies, """{"transfer":{"kfAccount":"kf2001"}}""", "then.transfer.kfAccount: expected the agent's full name")]
    [InlineData(RuleKind.Replies, """{"transfer":{"kfAccount":"kf 2001@gh_1"}}""", "then.transfer.kfAccount: expected the agent's full name")]
    [InlineData(RuleKind.Replies, """{"transfer":{"agent":"kf2001@gh_1"}}""", "then.transfer.agent: ")]
    [InlineData(RuleKind.Replies, "{}", "then: give either text, news or transfer,")]
    [InlineData(RuleKind.Replies, """{"text":"a","news":{"title":"t","description":"d","url":"https://example.com"}}""", "then: give either text, news or transfer,")]
    [InlineData(RuleKind.Replies, """{"text":""}""", "then.text: must not be empty.")]
    [InlineData(RuleKind.Replies, """{"news":{"title":"t","description":"d","url":"/offers"}}""", "then.news.url: expected an http or https address.")]
    [InlineData(RuleKind.Replies, """{"news":{"title":"t","description":"d","url":"javascript:alert(1)"}}""", "then.news.url: expected an http or https address.")]
    [InlineData(RuleKind.Replies, """{"news":{"title":"t","description":"d","url":"https://example.com","picUrl":"ftp://x/y"}}""", "then.news.picUrl: expected an http or https address.")]
    [InlineData(RuleKind.Replies, """{"news":{"description":"d","url":"https://example.com"}}""", "then.news: ")]
    [InlineData(RuleKind.Replies, """{"news":{"title":null,"description":"d","url":"https://example.com"}}""", "then.news.title: ")]
    [InlineData(RuleKind.Alerts, """{"words":[],"level":"high","category":"c"}""", "then.words: 1 to 10000 words.")]
    [InlineData(RuleKind.Alerts, """{"words":["***"],"level":"high","category":"c"}""", "then.words: \"***\" has no letter left after folding.")]
    [InlineData(RuleKind.Alerts, """{"words":[null],"level":"high","category":"c"}""", "then.words: ")]
    [InlineData(RuleKind.Alerts, """{"words":["a"],"level":"grave","category":"c"}""", "then.level: ")]
    [InlineData(RuleKind.Alerts, """{"words":["a"],"level":2,"category":"c"}""", "then.level: ")]
    [InlineData(RuleKind.Alerts, """{"words":["a"],"level":"high"}""", "then: ")]
    [InlineData(RuleKind.Alerts, """{"words":["a"],"level":"high","category":"c","escalateAfterMinutes":0}""", "then.escalateAfterMinutes: 1 to 10080.")]
    [InlineData(RuleKind.Alerts, """{"words":["a"],"level":"high","category":"c","escalateAfterMinutes":10081}""", "then.escalateAfterMinutes: 1 to 10080.")]
    [InlineData("welcome", Tag, "kind: one of tags, replies, alerts.")]
    public void An_action_that_cannot_be_taken_says_where_and_why(string kind, string then, string expected)
    {
        var (rule, faults) = Read(kind, $$"""{"id":"r","then":{{then}}}""");
        Assert.Null(rule);
        Assert.StartsWith(expected, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_may_have_2048_bytes_and_not_one_more()
    {
        var full = new string('维', 682) + "ab"; // 682 * 3 + 2 = 2048
        Assert.NotNull(Read(RuleKind.Replies, Text(full)).Rule);
        var (_, faults) = Read(RuleKind.Replies, Text(full + "c"));
        Assert.Equal("then.text: at most 2048 bytes of UTF-8.", Assert.Single(faults));
    }

    [Theory]
    [InlineData("R")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a\\n")]
    [InlineData("12345678901234567890123456789012345678901")]
    public void An_id_has_a_form(string id)
    {
        var (_, faults) = Read(RuleKind.Tags, $$"""{"id":"{{id}}","then":{{Tag}}}""", id.Replace("\\n", "\n", StringComparison.Ordinal));
        Assert.Equal("id: 1 to 40 of a-z, 0-9 and -.", Assert.Single(faults));
    }

    [Fact]
    public void The_id_is_that_of_the_address_and_all_faults_are_told_at_once()
    {
        var (_, faults) = Read(RuleKind.Tags, """{"id":"other","when":{"text":{}},"then":{"tags":[]}}""");
        Assert.Equal(3, faults.Count);
        Assert.Equal("id: must be \"r\", as in the address.", faults[2]);
    }

    private static string Text(string text) => "{\"id\":\"r\",\"then\":{\"text\":\"" + text + "\"}}";

    private static (Rule? Rule, IReadOnlyList<string> Faults) Read(string kind, string json, string id = "r") =>
        RuleValidator.Read(kind, id, Encoding.UTF8.GetBytes(json));
}
