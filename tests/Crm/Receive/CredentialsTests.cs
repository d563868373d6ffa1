using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class CredentialsTests
{
    [Theory] // the fields of wechat-protocol, sections E and H16
    [InlineData("<xml><WelcomeCode><![CDATA[secret]]></WelcomeCode><UserID>zhang</UserID></xml>", "<xml><WelcomeCode>…</WelcomeCode><UserID>zhang</UserID></xml>")]
    [InlineData("<xml><Token>\n secret </Token ></xml>", "<xml><Token>…</Token></xml>")]
    [InlineData("<xml><ResponseCode a=\"1\">secret</ResponseCode><ChatKey>secret</ChatKey></xml>", "<xml><ResponseCode>…</ResponseCode><ChatKey>…</ChatKey></xml>")]
    [InlineData("{\"Token\" : \"se\\\"cret\",\"OpenKfId\":\"wk1\"}", "{\"Token\":\"…\",\"OpenKfId\":\"wk1\"}")]
    [InlineData("{\"welcomecode\":\"secret\"}", "{\"WelcomeCode\":\"…\"}")]
    [InlineData("<xml><Content>Token 在哪里</Content></xml>", "<xml><Content>Token 在哪里</Content></xml>")] // what people write stays
    [InlineData("not xml", "not xml")]
    public void What_opens_doors_is_not_shown(string payload, string shown) => Assert.Equal(shown, Credentials.Hide(payload));

    [Fact] // a pattern that goes back took 7 s for the first of these
    public void What_is_opened_and_never_closed_costs_no_more_than_its_length()
    {
        var open = string.Concat(Enumerable.Repeat("<Token>", 4000)) + string.Concat(Enumerable.Repeat("</", 20000));
        var json = string.Concat(Enumerable.Repeat("\"Token\":\"\\\"", 8000));
        Assert.Equal(open, Credentials.Hide(open));
        Assert.True(Patience.BestOfThree(() => Credentials.Hide(open)) < TimeSpan.FromSeconds(2));
        Assert.True(Patience.BestOfThree(() => Credentials.Hide(json)) < TimeSpan.FromSeconds(2));
    }
}
