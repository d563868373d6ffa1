using CrmServerless.Crm.Replies;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

public sealed class ReplyRulesTests
{
    [Theory] // a rule for everybody at any time is still an answer to somebody
    [InlineData(Kinds.Text, true)]
    [InlineData(Kinds.MenuScanWait, true)]
    [InlineData(Kinds.MenuLocation, true)]
    [InlineData(Kinds.CardEntered, true)]
    [InlineData(Kinds.UnknownEvent, true)]
    [InlineData(Kinds.TemplateResult, false)]
    [InlineData(Kinds.SubscribeMessageSent, false)]
    [InlineData(Kinds.ServiceEnded, false)]
    [InlineData("wecom.customer.added", false)]
    public void Only_what_the_customer_did_is_answered(string kind, bool answered) => Assert.Equal(answered, ReplyRules.CanAnswer(kind));
}
