using System.Text;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

/// <summary>
/// Whatever the door lets in fits on the bus: one event that did not would come back from the spill for ever, and hold up
/// all others there. In plaintext mode anybody who has once seen a query can send such a body.
/// </summary>
public sealed class LargeEventsTests
{
    private const int LargestBody = 128 * 1024;

    /// <summary>A message on Service Bus Standard, less what its properties take.</summary>
    private const int LargestMessage = 255 * 1024;

    private static readonly Account Plaintext = Some.Account with { Mode = CallbackMode.Plaintext };

    public static TheoryData<string, string> Fields => new()
    {
        { "text", "<Content><![CDATA[{0}]]></Content>" },
        { "event", "<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[{0}]]></EventKey>" },
        { "event", "<Event><![CDATA[VIEW]]></Event><EventKey><![CDATA[{0}]]></EventKey>" },
        { "event", "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_{0}]]></EventKey>" },
        { "event", "<Event><![CDATA[{0}]]></Event>" },
        { "{0}", "" },
        { "link", "<Title><![CDATA[{0}]]></Title><Description>x</Description><Url>x</Url>" },
        { "image", "<PicUrl><![CDATA[x]]></PicUrl><MediaId><![CDATA[{0}]]></MediaId>" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void An_event_of_any_body_fits_into_a_message(string type, string field)
    {
        foreach (var filling in new[] { Repeated('"'), Repeated('\\'), Random(), Random().Replace('a', '"') })
        {
            var fact = Received(Fill(Xml.Write(Some.OpenId, Some.Now, type, field), filling));
            Assert.InRange(fact.ToUtf8Bytes().Length, 1, LargestMessage);
        }
    }

    [Fact]
    public void A_name_of_any_length_fits_into_a_message() =>
        Assert.InRange(Received(Fill(Xml.Write("{0}", Some.Now, "text", "<Content>x</Content>"), Repeated('"'))).ToUtf8Bytes().Length, 1, LargestMessage);

    [Fact]
    public void What_is_larger_than_WeChat_ever_sends_is_kept_whole_for_a_person()
    {
        var payload = Fill(Xml.Text(Some.OpenId, "{0}", 1, Some.Now), Random());
        var fact = Received(payload);
        Assert.Equal((ReceivedEvents.QuarantinedKind, Keys.AccountWide("main")), (fact.Kind, fact.Key));
        Assert.Equal(payload, fact.Data.Deserialize(CrmServerless.Crm.CrmJson.Types.EventReceived)!.Payload);
        Assert.Equal(fact.Id, Received(payload).Id);
    }

    [Fact]
    public void The_longest_text_that_WeChat_lets_people_write_is_read()
    {
        var fact = Received(Xml.Text(Some.OpenId, new string('"', 2048), 1, Some.Now));
        Assert.Equal((Kinds.Text, Some.Key), (fact.Kind, fact.Key));
    }

    private static Envelope Received(string payload) =>
        CallbackParser.TryParse(payload, out var callback, out _)
            ? ReceivedEvents.Of(Plaintext, callback, payload, Some.Now)
            : ReceivedEvents.Quarantined(Plaintext, payload, Some.Now);

    // As much as a body may have in all.
    private static string Fill(string form, string filling)
    {
        var room = LargestBody - Encoding.UTF8.GetByteCount(form) + 3;
        return form.Replace("{0}", filling[..Math.Min(filling.Length, room)], StringComparison.Ordinal);
    }

    private static string Repeated(char character) => new(character, LargestBody);

    // Base64 hardly shrinks; it is the worst that text can do to gzip without growing by itself.
    private static string Random()
    {
        var bytes = new byte[LargestBody];
        new Random(1).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
