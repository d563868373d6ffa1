using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class RuleSetTests
{
    private const string Tag = """{"tags":["a"]}""";

    [Fact]
    public void Rules_stand_by_order_then_by_id_in_ordinal_order()
    {
        var set = RuleSet.Of(
        [
            (RuleKind.Tags, Some.Rule("b", Tag)), (RuleKind.Tags, Some.Rule("a-2", Tag)), (RuleKind.Tags, Some.Rule("a10", Tag)),
            (RuleKind.Tags, Some.Rule("z", Tag, order: 1)), (RuleKind.Tags, Some.Rule("c", Tag, order: -1)),
        ]);
        Assert.Equal(["c", "z", "a-2", "a10", "b"], set.Tags.Select(r => r.Rule.Id));
    }

    [Fact]
    public void A_disabled_rule_is_not_in_force_and_kinds_are_kept_apart()
    {
        var off = Some.Rule("off", Tag);
        off.Enabled = false;
        var set = RuleSet.Of([(RuleKind.Tags, off), (RuleKind.Tags, Some.Rule("on", Tag)), (RuleKind.Replies, Some.Rule("reply", """{"text":"hi"}"""))]);
        Assert.Equal("on", Assert.Single(set.Tags).Rule.Id);
        Assert.Equal("hi", Assert.Single(set.Replies).Action.Text);
    }

    [Theory]
    [InlineData("""{"text":{"regex":"("}}""", Tag)]
    [InlineData("{}", "5")]
    public void A_rule_that_cannot_be_used_is_named(string when, string then)
    {
        var rule = System.Text.Json.JsonSerializer.Deserialize($$"""{"id":"broken","when":{{when}},"then":{{then}}}""", RuleJson.Types.Rule)!;
        var fault = Assert.Throws<ArgumentException>(() => RuleSet.Of([(RuleKind.Tags, rule)]));
        Assert.StartsWith("Rule broken: ", fault.Message, StringComparison.Ordinal);
    }
}
