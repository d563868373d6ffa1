using System.Text;
using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using CrmServerless.Tests.WeChat;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

/// <summary>What becomes of a WeCom callback at the door: id, key, and the few fields that stages read.</summary>
public sealed class ReceivedWeComTests
{
    private const string Customer = "work:wmqinghe00000000000000000000001A";

    public static readonly Account Account = Some.Account with { Name = "work", Kind = AccountKind.WeCom, AppId = "ww1234567890abcdef" };

    [Theory]
    [InlineData("wecom.customer.added", Customer)]
    [InlineData("wecom.customer.lost@suite", Customer)]
    [InlineData("wecom.customer.transfer_failed", Customer)]
    [InlineData("wecom.archive.approved", Customer)]
    [InlineData("wecom.acquisition.customer_start_chat", Customer)]
    [InlineData("wecom.acquisition.friend_request", "work:~account")]
    [InlineData("wecom.acquisition.message_from_customer", "work:~account")]
    [InlineData("wecom.message.text", "work:~staff:zhangsan")]
    [InlineData("wecom.message.unknown", "work:~staff:zhangsan")]
    [InlineData("wecom.menu.click", "work:~staff:zhangsan")]
    [InlineData("wecom.enter_agent", "work:~staff:zhangsan")]
    [InlineData("wecom.card.click", "work:~staff:zhangsan")]
    [InlineData("wecom.staff.create_user", "work:~staff:lisi")]
    [InlineData("wecom.staff.create_party", "work:~account")]
    [InlineData("wecom.staff.update_tag", "work:~account")]
    [InlineData("wecom.agent.inactive_alert", "work:~account")]
    [InlineData("wecom.chat.created", "work:~chat:wrqinghechat000000000000000001AQ")]
    [InlineData("wecom.chat.member_added@suite", "work:~chat:wrqinghechat000000000000000001AQ")]
    [InlineData("wecom.tag.created", "work:~account")]
    [InlineData("wecom.kf.notify", "work:~account")]
    [InlineData("wecom.archive.notify", "work:~account")]
    [InlineData("wecom.approval.sys", "work:~account")]
    [InlineData("wecom.event.unknown", "work:~account")]
    [InlineData("wecom.event.unknown@suite", "work:~account")]
    public void The_key_is_whose_order_it_stands_in(string sample, string key)
    {
        var (fact, _) = Of(WeComSamples.Text(sample + ".xml"));
        Assert.Equal(key, fact.Key);
        Assert.Equal(!key.Contains('~', StringComparison.Ordinal), Keys.HasCustomer(fact.Key));
        Assert.Equal(key.StartsWith("work:~chat:", StringComparison.Ordinal), Keys.IsChat(fact.Key));
    }

    [Theory] // nobody names himself into the reserved half, whatever he is called
    [InlineData("~account", "work:=7Eaccount")]
    [InlineData("~chat:1", "work:=7Echat:1")]
    [InlineData("a b/?#", "work:a=20b=2F=3F=23")]
    public void A_hostile_external_userid_is_a_customer_at_most(string external, string key)
    {
        var (fact, received) = Of(Contact("add_external_contact", $"<UserID>z</UserID><ExternalUserID><![CDATA[{external}]]></ExternalUserID>"));
        Assert.Equal((key, external), (fact.Key, received.From));
        Assert.True(Keys.HasCustomer(fact.Key) && Keys.IsLegal(fact.Key));
    }

    [Fact]
    public void Hostile_userids_and_chat_ids_stay_in_their_halves()
    {
        foreach (var id in new[] { "~account", "a/b", new string('x', 500), "维权", ":", "|" })
        {
            Assert.StartsWith("work:~staff:", Keys.Staff("work", id), StringComparison.Ordinal);
            Assert.StartsWith("work:~chat:", Keys.Chat("work", id), StringComparison.Ordinal);
            Assert.True(Keys.IsLegal(Keys.Staff("work", id)) && Keys.IsLegal(Keys.Chat("work", id)));
            Assert.False(Keys.HasCustomer(Keys.Staff("work", id)) || Keys.IsChat(Keys.Staff("work", id)));
        }

        // Long ones keep apart.
        Assert.NotEqual(Keys.Staff("work", new string('x', 500)), Keys.Staff("work", new string('x', 501)));
    }

    [Fact]
    public void Every_company_of_a_suite_has_its_own_zhangsan()
    {
        var suite = Account with { Kind = AccountKind.WeComSuite };
        Envelope Of(string corp)
        {
            var payload = $"<xml><SuiteId>ww1234567890abcdef</SuiteId><AuthCorpId>{corp}</AuthCorpId><InfoType>change_contact</InfoType><TimeStamp>1772416790</TimeStamp><ChangeType>update_user</ChangeType><UserID>zhangsan</UserID></xml>";
            Assert.True(ChannelParser.TryParse(payload, Channel.WeCom, out var callback, out var reason), reason);
            return ReceivedEvents.Of(suite, callback, payload, Some.Now);
        }

        Assert.Equal(("work:~staff:wwone|zhangsan", "wwone"), (Of("wwone").Key, Of("wwone").Read(CrmJson.Types.EventReceived).CorpId));
        Assert.Equal("work:~staff:wwtwo|zhangsan", Of("wwtwo").Key);
    }

    [Fact]
    public void The_welcome_has_a_deadline_of_its_own_and_the_fact_has_none()
    {
        var (fact, received) = Of(WeComSamples.Text("wecom.customer.added.xml"));
        // CreateTime 1772416790 and 20 s.
        Assert.Equal(("welcome-code-1", DateTimeOffset.FromUnixTimeSeconds(1772416810)), (received.WelcomeCode, received.WelcomeBy));
        Assert.Null(fact.Deadline);
        Assert.Equal(("zhangsan", "poster-spring", "add_external_contact"), (received.StaffId, received.State, received.Change));
        Assert.Null(Of(WeComSamples.Text("wecom.customer.lost.xml")).Received.WelcomeBy);
        Assert.Equal("welcome-code-3", Of(WeComSamples.Text("wecom.archive.approved.xml")).Received.WelcomeCode);
        // Where the time cannot be, the 20 s begin when we heard of it.
        var implausible = WeComSamples.Text("wecom.customer.added.xml").Replace("1772416790", "0", StringComparison.Ordinal);
        Assert.Equal(Some.Now.AddSeconds(20), Of(implausible).Received.WelcomeBy);
        // It buys something: no timeline shows it, no text of the fact is it.
        Assert.DoesNotContain("welcomeCode", Encoding.UTF8.GetString(Timeline.Entry(fact).Data.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("welcome-code-1", $"{fact}{received}", StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_that_no_stage_needs_yet_are_in_the_payload_only()
    {
        foreach (var (sample, secret) in new[]
            { ("wecom.kf.notify", "kf-token-1"), ("wecom.card.click", "response-code-1"), ("wecom.acquisition.message_from_customer", "chat-key-1") })
        {
            var (fact, received) = Of(WeComSamples.Text(sample + ".xml"));
            var bare = JsonSerializer.Serialize(received with { Raw = null, RawGzip = null }, CrmJson.Types.EventReceived);
            Assert.DoesNotContain(secret, bare, StringComparison.Ordinal);
            Assert.Contains(secret, received.Payload, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, fact.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_absent_is_not_written()
    {
        var json = Encoding.UTF8.GetString(Of(WeComSamples.Text("wecom.tag.deleted.xml")).Fact.ToUtf8Bytes());
        foreach (var field in new[] { "staffId", "chatId", "state\"", "welcomeCode", "lastMemVer", "memberChanges", "reason", "null" })
            Assert.DoesNotContain(field, json, StringComparison.Ordinal);
        Assert.Contains("\"objectId\":\"etqinghe-group-1\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_events_of_sys_in_one_second_are_two_and_a_repeated_one_is_one()
    {
        string Tag(int n) => WeComSamples.Text("wecom.tag.deleted.xml").Replace("etqinghe-group-1", $"etqinghe-group-{n}", StringComparison.Ordinal);
        Assert.Equal(20, Enumerable.Range(0, 20).Select(n => Of(Tag(n)).Fact.Id).Distinct().Count());
        Assert.Equal(Of(Tag(1)).Fact.Id, Of(Tag(1)).Fact.Id);
        // Nor do two messages whose MsgId tells nothing.
        string Text(string content) => $"<xml><FromUserName>z</FromUserName><CreateTime>1772416790</CreateTime><MsgType>text</MsgType><MsgId>0</MsgId><Content>{content}</Content></xml>";
        Assert.NotEqual(Of(Text("a")).Fact.Id, Of(Text("b")).Fact.Id);
        // With one it is the quadruple, as for everyone else.
        Assert.Equal(Ids.ForCallback("work", "zhangsan", 4561255354251345001, 1772416790, ""), Of(WeComSamples.Text("wecom.message.text.xml")).Fact.Id);
    }

    [Fact]
    public void Where_staff_are_is_dropped_unless_it_is_to_be_kept()
    {
        var (fact, received) = Of(WeComSamples.Text("wecom.location_report.xml"));
        Assert.Null(received.Location);
        foreach (var trace in new[] { "23.104", "113.320", "65.000" }) Assert.DoesNotContain(trace, Encoding.UTF8.GetString(fact.ToUtf8Bytes()), StringComparison.Ordinal);
        Assert.Equal(new GeoPoint(23.104, 113.320), Of(WeComSamples.Text("wecom.location_report.xml"), Account with { Location = LocationPolicy.Keep }).Received.Location);
    }

    [Fact]
    public void What_cannot_be_read_is_kept_under_its_own_channel()
    {
        var fact = ReceivedEvents.Quarantined(Account, "<xml>broken", Some.Now);
        Assert.Equal(("wecom.quarantined", "work:~account"), (fact.Kind, fact.Key));
    }

    public static TheoryData<string> Samples => [.. WeComSamples.OnDisk];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_door_lets_every_sealed_sample_in_and_all_that_follows_can_read_it(string file)
    {
        var (body, token, _, call) = WeComSamples.Sealed(file);
        var kind = call.ReceiveId.StartsWith("wwsuite", StringComparison.Ordinal) ? AccountKind.WeComSuite : AccountKind.WeCom;
        var account = Account with { Kind = kind, AppId = call.ReceiveId, Token = token };
        var query = new CallbackQuery(null, call.MsgSignature, call.Timestamp, call.Nonce, null);
        var admission = CallbackDoor.Admit(account, query, body, Some.Now, TimeSpan.FromMinutes(10));
        Assert.Equal((200, WeComSamples.KindOf(file)), (admission.Status, admission.Callback?.Kind));

        var fact = ReceivedEvents.Of(account, admission.Callback!, admission.Payload, Some.Now);
        Assert.True(Envelope.TryRead(fact.ToUtf8Bytes(), out var read) && Keys.IsLegal(read!.Id) && Keys.IsLegal(read.Key));
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1772416790), null), (fact.OccurredAt, fact.CountedAt));
        Assert.True(Keys.IsLegal(Timeline.Entry(fact).Id));
        if (Keys.HasCustomer(fact.Key)) Assert.Equal(fact.Key, CustomerRules.Decide(null, fact, Some.NoTagRules, "s").Next.Key);
        if (Keys.IsChat(fact.Key)) Assert.Equal(fact.Key, ChatRules.Decide(null, fact).Key);
        if (file.EndsWith(".xml", StringComparison.Ordinal) && fact.Kind != "wecom.location_report") Assert.Equal(WeComSamples.Text(file), fact.Read(CrmJson.Types.EventReceived).Payload);
    }

    private static string Contact(string change, string fields) =>
        $"<xml><FromUserName>sys</FromUserName><CreateTime>1772416790</CreateTime><MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>{change}</ChangeType>{fields}</xml>";

    private static (Envelope Fact, EventReceived Received) Of(string payload, Account? account = null)
    {
        account ??= Account;
        Assert.True(ChannelParser.TryParse(payload, account.Channel, out var callback, out var reason), reason);
        var fact = ReceivedEvents.Of(account, callback, payload, Some.Now);
        return (fact, fact.Read(CrmJson.Types.EventReceived));
    }
}
