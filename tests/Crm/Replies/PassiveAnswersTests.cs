using System.Text;
using System.Xml.Linq;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>What goes back in the response to a callback.</summary>
public sealed class PassiveAnswersTests : IDisposable
{
    private static readonly Account Passive = Some.Account with { Reply = ReplyWay.Passive };
    private static readonly EncodingAesKey Other = EncodingAesKey.Parse(new string('B', 43));
    private static readonly Rule Anything = Some.Rule("hello", """{"text":"您好]]>"}""", new RuleCondition { Kinds = ["oa.*"] });

    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly RuleBook book;
    private readonly PassiveAnswers answers;

    public PassiveAnswersTests()
    {
        book = new RuleBook(store.Documents, clock);
        answers = new PassiveAnswers(book, clock, NullLogger<PassiveAnswers>.Instance);
    }

    public void Dispose()
    {
        book.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task The_answer_is_sealed_for_the_customer_by_the_key_that_opened()
    {
        await Rules(Anything);
        foreach (var key in new[] { Some.Account.EncodingAesKey, Other })
        {
            var account = Passive with { PreviousEncodingAesKey = Other };
            var (_, response) = Answer(account, Sealed.Of(account, Text("在吗"), Some.Now, key));
            var reply = Open(response!, key);
            Assert.Equal(
                "<xml><ToUserName><![CDATA[oUser1]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>1772416800</CreateTime>"
                + "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[您好]]]]><![CDATA[>]]></Content></xml>", reply);
        }
    }

    [Fact]
    public async Task The_event_carries_what_was_answered()
    {
        await Rules(Anything);
        var received = Answer(Passive, Sealed.Of(Passive, Text("在吗"), Some.Now)).Fact.Read(CrmJson.Types.EventReceived);
        Assert.Equal(new PassiveAnswer("hello", 1, "text", "您好]]>"), received.Passive);
        Assert.Equal(("oUser1", "在吗", Text("在吗")), (received.From, received.Text, received.Payload));
        Assert.Equal("hello@1", received.Passive!.ToString());
    }

    [Fact]
    public async Task Plain_text_is_answered_in_plain_text()
    {
        await Rules(Anything);
        var account = Passive with { Mode = CallbackMode.Plaintext };
        var query = Sealed.Of(account, "", Some.Now).Query with { MsgSignature = null };
        var admission = CallbackDoor.Admit(account, query, Encoding.UTF8.GetBytes(Text("在吗")), Some.Now, TimeSpan.FromMinutes(10));
        var response = answers.Answer(account, admission, query, Fact(account, admission), Some.Now).Response!;
        Assert.Equal(("您好]]>", "text/xml; charset=utf-8"), (XDocument.Parse(response.Body).Root!.Element("Content")!.Value, response.ContentType));
    }

    [Fact]
    public async Task A_JSON_callback_is_answered_in_JSON()
    {
        const string payload = """{"ToUserName":"gh_1","FromUserName":"oUser1","CreateTime":1772416800,"MsgType":"text","Content":"在吗","MsgId":1}""";
        const string reply = """{"ToUserName":"oUser1","FromUserName":"gh_1","CreateTime":1772416800,"MsgType":"text","Content":"您好]]>"}""";
        await Rules(Anything);
        var call = Sealed.Of(Passive, payload, Some.Now);
        Assert.True(SealedEnvelope.TryRead(call.Body, out var envelope, out _));
        var (_, response) = Answer(Passive, call with { Body = Encoding.UTF8.GetBytes($$"""{"ToUserName":"gh_1","Encrypt":"{{envelope.Encrypt}}"}""") });
        Assert.Equal(("application/json; charset=utf-8", reply), (response!.ContentType, SealedAnswer.Open(response.Body, Passive, "QingHeTeaShopSampleKeyDoNotUseInProduction1")));

        var account = Passive with { Mode = CallbackMode.Plaintext };
        (_, response) = Answer(account, new Sealed(call.Query with { MsgSignature = null }, Encoding.UTF8.GetBytes(payload)));
        Assert.Equal(("application/json; charset=utf-8", reply), (response!.ContentType, response.Body));
    }

    [Fact]
    public async Task A_rule_that_looks_at_the_customer_is_passed_over()
    {
        await Rules(
            Some.Rule("tagged", """{"text":"a"}""", new RuleCondition { Tags = new TagCondition(None: ["黑名单"]) }, 1),
            Some.Rule("staged", """{"text":"b"}""", new RuleCondition { Stages = ["active"] }, 2),
            Some.Rule("counted", """{"text":"c"}""", new RuleCondition { Count = new CountCondition(["*"], 1, 1) }, 3),
            Some.Rule("first", """{"text":"d"}""", new RuleCondition { FirstTime = true }, 4),
            Some.Rule("evening", """{"text":"e"}""", new RuleCondition { TimeOfDay = new TimeOfDayCondition("18:00", "22:00") }, 5),
            Some.Rule("other-account", """{"text":"f"}""", new RuleCondition { Accounts = ["other"] }, 6),
            Some.Rule("morning", """{"text":"g"}""", new RuleCondition { TimeOfDay = new TimeOfDayCondition("10:00", "10:01"), Text = new TextCondition(Any: ["在吗"]) }, 7));
        Assert.Equal("morning", Answered(Text("在吗")));
    }

    [Theory]
    [InlineData("<Event>subscribe</Event><EventKey>qrscene_store-1</EventKey>", "scene")]
    [InlineData("<Event>SCAN</Event><EventKey>store-1</EventKey>", "scene")]
    [InlineData("<Event>CLICK</Event><EventKey>MENU_X</EventKey>", "menu")]
    [InlineData("<Event>CLICK</Event><EventKey>MENU_Y</EventKey>", "hello")] // no hand-over for an event: the next rule
    [InlineData("<Event>unsubscribe</Event>", null)]
    [InlineData("<Event>LOCATION</Event><Latitude>31.2</Latitude><Longitude>121.4</Longitude><Precision>1</Precision>", null)]
    [InlineData("<Event>VIEW</Event><EventKey>https://example.com</EventKey>", null)]
    [InlineData("<Event>TEMPLATESENDJOBFINISH</Event><MsgID>1</MsgID><Status>success</Status>", null)]
    [InlineData("<Event>MASSSENDJOBFINISH</Event><MsgID>1</MsgID>", null)]
    [InlineData("<Event>something_new</Event>", null)]
    public async Task Only_what_WeChat_shows_is_answered(string fields, string? rule)
    {
        await Rules(
            Some.Rule("scene", """{"text":"a"}""", new RuleCondition { Scenes = ["store-*"] }, 1),
            Some.Rule("menu", """{"news":{"title":"t","url":"https://example.com/"}}""", new RuleCondition { MenuKeys = ["MENU_X"] }, 2),
            Some.Rule("desk", """{"transfer":{}}""", order: 3),
            Anything);
        Assert.Equal(rule, Answered(Xml("event", fields)));
    }

    [Fact]
    public async Task A_message_is_handed_over_to_the_desk()
    {
        await Rules(Some.Rule("desk", """{"transfer":{"kfAccount":"kf2001@gh_1"}}""", new RuleCondition { Text = new TextCondition(Any: ["人工"]) }));
        var (fact, response) = Answer(Passive, Sealed.Of(Passive, Text("转人工"), Some.Now));
        Assert.EndsWith(
            "<MsgType><![CDATA[transfer_customer_service]]></MsgType><TransInfo><KfAccount><![CDATA[kf2001@gh_1]]></KfAccount></TransInfo></xml>",
            Open(response!, Passive.EncodingAesKey), StringComparison.Ordinal);
        Assert.Equal(new PassiveAnswer("desk", 1, "transfer", null), fact.Read(CrmJson.Types.EventReceived).Passive);
    }

    [Fact]
    public async Task A_retry_gets_the_same_bytes_whatever_was_edited_and_the_next_event_gets_the_edit()
    {
        await Rules(Anything);
        var (first, told) = Answer(Passive, Sealed.Of(Passive, Text("在吗"), Some.Now));
        await book.Save(RuleKind.Replies, Anything with { Then = Some.Json("""{"text":"改了"}""") }, "li", default);
        clock.Advance(TimeSpan.FromSeconds(15));
        var (again, retold) = Answer(Passive, Sealed.Of(Passive, Text("在吗"), clock.GetUtcNow()));
        Assert.Equal(Open(told!, Passive.EncodingAesKey), Open(retold!, Passive.EncodingAesKey));
        Assert.Equal(first.Read(CrmJson.Types.EventReceived).Passive, again.Read(CrmJson.Types.EventReceived).Passive);

        var next = Answer(Passive, Sealed.Of(Passive, Text("还在吗", "2"), clock.GetUtcNow()));
        Assert.Equal(new PassiveAnswer("hello", 2, "text", "改了"), next.Fact.Read(CrmJson.Types.EventReceived).Passive);
    }

    [Fact]
    public async Task What_was_not_answered_is_not_answered_at_the_retry_either()
    {
        await Rules();
        Assert.Null(Answered(Text("在吗")));
        await book.Save(RuleKind.Replies, Anything, "li", default);
        Assert.Null(Answered(Text("在吗")));
        Assert.Equal("hello", Answered(Text("在吗", "2")));
    }

    [Fact]
    public async Task Before_the_rules_are_read_nothing_is_answered_and_nothing_is_read_here()
    {
        Assert.Null(book.Latest);
        Assert.Null(Answered(Text("在吗")));
        Assert.Null(book.Latest);
        await book.Current(default);
        Assert.NotNull(book.Latest); // the defaults of a new installation
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_answered()
    {
        await Rules(Anything);
        var (_, response) = Answer(Passive, Sealed.Of(Passive, "<xml>broken", Some.Now));
        Assert.Null(response);
    }

    [Fact]
    public async Task A_rule_that_got_past_the_validator_breaks_no_callback()
    {
        await Rules(Some.Rule("empty", """{"text":""}"""));
        var (fact, response) = Answer(Passive, Sealed.Of(Passive, Text("在吗"), Some.Now));
        Assert.Null(response);
        Assert.Null(fact.Read(CrmJson.Types.EventReceived).Passive);
    }

    [Fact]
    public async Task Rules_that_take_their_time_are_given_up_after_a_second()
    {
        var others = Enumerable.Range(1, 3).Select(n => Some.Rule($"slow-{n}", """{"text":"x"}""", new RuleCondition { MenuKeys = ["X"] }, n));
        await Rules([.. others, Anything]);
        clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(200); // whenever it is looked at
        Assert.Equal("hello", Answered(Text("在吗")));
        clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(300);
        Assert.Null(Answered(Text("还在吗", "2")));
    }

    [Fact]
    public void What_an_account_cannot_do_later_has_a_reason()
    {
        ReadyRule<ReplyAction> Ready(string then, RuleCondition? when = null) => Some.Rules((RuleKind.Replies, Some.Rule("r", then, when))).Replies[0];
        var (text, transfer) = (Ready("""{"text":"x"}"""), Ready("""{"transfer":{}}"""));
        Assert.Null(ReplyRules.Obstacle(ReplyWay.Api, Kinds.Text, text));
        Assert.Equal(SkipReasons.PassiveOnly, ReplyRules.Obstacle(ReplyWay.Api, Kinds.Text, transfer));
        Assert.Equal(SkipReasons.NotInTime, ReplyRules.Obstacle(ReplyWay.Passive, Kinds.Text, text));
        Assert.Equal(SkipReasons.NotAnswerable, ReplyRules.Obstacle(ReplyWay.Passive, Kinds.Subscribe, transfer));
        Assert.Equal(SkipReasons.NotAnswerable, ReplyRules.Obstacle(ReplyWay.Passive, Kinds.Unsubscribe, text));
        Assert.Equal(SkipReasons.NeedsCustomer, ReplyRules.Obstacle(ReplyWay.Passive, Kinds.Text, Ready("""{"text":"x"}""", new RuleCondition { FirstTime = true })));
    }

    // As another instance sees them: without the memory of ours.
    private async Task Rules(params Rule[] rules)
    {
        await book.Current(default);
        foreach (var (_, old) in RuleBook.Defaults().SelectMany(d => d.Value.Select(r => (d.Key, r))).Where(r => r.Key == RuleKind.Replies))
            await book.Remove(RuleKind.Replies, old.Id, default);
        foreach (var rule in rules) await book.Save(RuleKind.Replies, rule, "li", default);
    }

    private string? Answered(string payload) =>
        Answer(Passive, Sealed.Of(Passive, payload, clock.GetUtcNow())).Fact.Read(CrmJson.Types.EventReceived).Passive?.RuleId;

    private (Envelope Fact, PassiveResponse? Response) Answer(Account account, Sealed call)
    {
        var now = clock.GetUtcNow();
        var admission = CallbackDoor.Admit(account, call.Query, call.Body, now, TimeSpan.FromMinutes(10));
        Assert.Equal(200, admission.Status);
        return answers.Answer(account, admission, call.Query, Fact(account, admission), now);
    }

    private static Envelope Fact(Account account, Admission admission) => admission.Callback is { } callback
        ? ReceivedEvents.Of(account, callback, admission.Payload, Some.Now)
        : ReceivedEvents.Quarantined(account, admission.Payload, Some.Now);

    private static string Open(PassiveResponse response, EncodingAesKey key)
    {
        Assert.Equal("text/xml; charset=utf-8", response.ContentType);
        var envelope = XDocument.Parse(response.Body).Root!;
        var (encrypt, time) = (envelope.Element("Encrypt")!.Value, envelope.Element("TimeStamp")!.Value);
        Assert.True(CallbackSignature.Matches(envelope.Element("MsgSignature")!.Value, Passive.Token, time, envelope.Element("Nonce")!.Value, encrypt));
        var opened = MessageCipher.Decrypt(key, encrypt, Passive.AppId);
        Assert.Equal(DecryptFailure.None, opened.Failure);
        return opened.Message;
    }

    private static string Text(string content, string msgId = "1") => Xml("text", $"<Content>{content}</Content><MsgId>{msgId}</MsgId>");

    private static string Xml(string type, string fields) =>
        $"<xml><ToUserName>gh_1</ToUserName><FromUserName>oUser1</FromUserName><CreateTime>1772416800</CreateTime><MsgType>{type}</MsgType>{fields}</xml>";
}
