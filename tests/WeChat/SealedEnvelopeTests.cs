using System.Text;
using CrmServerless.WeChat.Callbacks;
using CsCheck;

namespace CrmServerless.Tests.WeChat;

public sealed class SealedEnvelopeTests
{
    [Fact]
    public void Official_Account_and_WeCom_envelopes_are_read()
    {
        Assert.Equal(new SealedEnvelope("gh_1", null, "q+/="), Read("<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[q+/=]]></Encrypt></xml>"));
        Assert.Equal(new SealedEnvelope("ww1", "218", "AA=="), Read("<xml><ToUserName>ww1</ToUserName><AgentID>218</AgentID><Encrypt>AA==</Encrypt></xml>"));
    }

    [Theory]
    [InlineData("{\"ToUserName\":\"gh_1\",\"Encrypt\":\"q+/=\"}", "gh_1", null, "q+/=")]
    [InlineData("\uFEFF {\"Encrypt\":\"q+\\/\\u003D\",\"ToUserName\":\"gh_1\"}\n", "gh_1", null, "q+/=")]
    [InlineData("{\"tousername\":\"ww1\",\"encrypt\":\"AA==\",\"agentid\":\"218\"}", "ww1", "218", "AA==")]
    [InlineData("{\"tousername\":\"ww1\",\"encrypt\":\"AA==\",\"agentid\":218}", "ww1", "218", "AA==")]
    [InlineData("{\"Encrypt\":\"AA==\",\"Content\":\"plain half\",\"x\":{\"Encrypt\":\"evil\"}}", "", null, "AA==")]
    public void JSON_envelopes_are_read(string body, string to, string? agent, string encrypt) =>
        Assert.Equal(new SealedEnvelope(to, agent, encrypt), Read(body));

    [Fact]
    public void The_plaintext_half_of_compatible_mode_is_ignored_even_if_broken() =>
        Assert.Equal("AA==", Read("<xml><Content><![CDATA[bad \u000B]]></Content><x><Encrypt>evil</Encrypt></x><Encrypt>AA==</Encrypt></xml>").Encrypt);

    [Theory]
    [InlineData("\uFEFF<xml><Encrypt>AA==</Encrypt></xml>")]
    [InlineData("\r\n\t <?xml version='1.0' encoding='utf-16'?><xml><Encrypt> <![CDATA[AA==]]> </Encrypt></xml>\n")]
    public void Harmless_wrapping_is_tolerated(string body) => Assert.Equal("AA==", Read(body).Encrypt);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Encrypt=AA==", "neither xml nor json")]
    [InlineData("<html><Encrypt>AA==</Encrypt></html>", "wrong root")]
    [InlineData("<xml><ToUserName>gh</ToUserName></xml>", "no Encrypt")]
    [InlineData("<xml><Encrypt> </Encrypt></xml>", "no Encrypt")]
    [InlineData("<xml><Encrypt>AA==</Encrypt><Encrypt>BB==</Encrypt></xml>", "two Encrypt")]
    [InlineData("<xml><Encrypt/><Encrypt>BB==</Encrypt></xml>", "two Encrypt")]
    [InlineData("<xml><Encrypt>AA==</Encrypt><encrypt>BB==</encrypt></xml>", "two Encrypt")]
    [InlineData("<xml><Encrypt><x>AA==</x></Encrypt></xml>", "no Encrypt")]
    [InlineData("{}", "no Encrypt")]
    [InlineData("{\"Encrypt\":null}", "no Encrypt")]
    [InlineData("{\"Encrypt\":{\"Encrypt\":\"AA==\"}}", "no Encrypt")]
    [InlineData("{\"Encrypt\":\"AA==\",\"Encrypt\":\"BB==\"}", "two Encrypt")]
    [InlineData("{\"Encrypt\":[\"AA==\",\"BB==\"]}", "two Encrypt")]
    [InlineData("{\"Encrypt\":\"AA==\",\"encrypt\":\"BB==\"}", "two Encrypt")]
    [InlineData("{\"Encrypt\":\"AA==\"", "malformed json")]
    [InlineData("[{\"Encrypt\":\"AA==\"}]", "neither xml nor json")]
    [InlineData("<xml><Encrypt>AA==", "malformed xml")]
    [InlineData("<!DOCTYPE xml [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><xml><Encrypt>&x;</Encrypt></xml>", "dtd")]
    public void Anything_else_is_refused_with_a_reason(string body, string expected)
    {
        Assert.False(SealedEnvelope.TryRead(Encoding.UTF8.GetBytes(body), out var envelope, out var reason));
        Assert.Null(envelope);
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void A_body_over_128_KiB_is_refused()
    {
        var body = Encoding.ASCII.GetBytes("<xml><Encrypt>" + new string('A', 128 * 1024) + "</Encrypt></xml>");
        Assert.False(SealedEnvelope.TryRead(body, out _, out var reason));
        Assert.Equal("too large", reason);
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Byte.Array[0, 100].Sample(body =>
        {
            _ = SealedEnvelope.TryRead(body, out _, out _);
            _ = SealedEnvelope.TryRead([.. "<xml><Encrypt>"u8, .. body, .. "</Encrypt></xml>"u8], out _, out _);
        });

    private static SealedEnvelope Read(string body)
    {
        Assert.True(SealedEnvelope.TryRead(Encoding.UTF8.GetBytes(body), out var envelope, out var reason), reason);
        return envelope;
    }
}
