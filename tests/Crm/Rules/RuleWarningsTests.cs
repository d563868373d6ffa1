using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class RuleWarningsTests
{
    private static readonly AccountBook Both = new(
        [Some.Account with { Name = "api" }, Some.Account with { Name = "passive", Reply = ReplyWay.Passive }, Some.Account with { Name = "other", Reply = ReplyWay.Passive }]);

    private static readonly Account WeCom = Some.Account with { Name = "wecom", Kind = AccountKind.WeCom, Reply = ReplyWay.Passive };

    private static readonly RuleCondition FirstTime = new() { FirstTime = true, Stages = ["active"] };

    [Fact]
    public void A_rule_that_looks_at_the_customer_names_the_accounts_where_it_never_answers_and_why() =>
        Assert.Equal(
            "Rule r never answers on passive, other: Reply=Passive answers in the response to the callback, before the customer file is read, "
            + "which when.stages, when.firstTime would need.",
            Assert.Single(RuleWarnings.Of(RuleKind.Replies, Some.Rule("r", """{"text":"x"}""", FirstTime), Both)!));

    [Fact]
    public void A_hand_over_names_those_that_cannot() =>
        Assert.Equal(
            "Rule r never answers on api, wecom: then.transfer is possible on an Official Account with Reply=Passive only.",
            Assert.Single(RuleWarnings.Of(RuleKind.Replies, Some.Rule("r", """{"transfer":{}}"""), new AccountBook([.. Both.All, WeCom]))!));

    [Fact]
    public void What_concerns_no_account_is_not_warned_of()
    {
        Assert.Null(RuleWarnings.Of(RuleKind.Replies, Some.Rule("r", """{"text":"x"}"""), Both));
        Assert.Null(RuleWarnings.Of(RuleKind.Replies, Some.Rule("r", """{"text":"x"}""", FirstTime with { Accounts = ["api"] }), Both));
        Assert.Null(RuleWarnings.Of(RuleKind.Replies, Some.Rule("r", """{"transfer":{}}""", new RuleCondition { Accounts = ["passive"] }), Both));
        Assert.Null(RuleWarnings.Of(RuleKind.Tags, Some.Rule("r", """{"tags":["x"]}""", FirstTime), Both));
    }
}
