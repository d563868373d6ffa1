using System.Globalization;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.WeChat;

public sealed class CallbackSignatureTests
{
    [Theory]
    [InlineData("f464b24fc39322e44b38aa78f5edd27bd1441696", "AAAAA", "1714036504", "1514711492")]
    [InlineData("6c5c811b55cc85e0e1b54100749188c20beb3f5d", "AAAAA", "1714112445", "415670741")]
    [InlineData("899cf89e464efb63f54ddac96b0a0a235f53aa78", "AAAAA", "1714037059", "486452656")]
    public void The_documented_three_part_signatures_are_computed(string expected, string token, string timestamp, string nonce)
    {
        Assert.Equal(expected, CallbackSignature.Compute(token, timestamp, nonce));
        Assert.Equal(expected, CallbackSignature.Compute(nonce, token, timestamp));
        Assert.True(CallbackSignature.Matches(expected, token, timestamp, nonce));
    }

    public static TheoryData<string, string, string, string, string> FourPart()
    {
        var data = new TheoryData<string, string, string, string, string>();
        foreach (var v in new[] { Vectors.OfficialAccount, Vectors.OfficialAccountReply, Vectors.WeComVerification, Vectors.WechatpyVerification })
            data.Add(v.Signature!, v.Token, v.Timestamp, v.Nonce, v.Encrypt);
        var message = Vectors.WeComMessage;
        data.Add(message.Signature, Vectors.WeComVerification.Token, message.Timestamp, message.Nonce, message.Encrypt);
        return data;
    }

    [Theory]
    [MemberData(nameof(FourPart))]
    public void The_documented_four_part_signatures_are_computed(string expected, string token, string timestamp, string nonce, string encrypt)
    {
        Assert.Equal(expected, CallbackSignature.Compute(token, timestamp, nonce, encrypt));
        Assert.True(CallbackSignature.Matches(expected, token, timestamp, nonce, encrypt));
        Assert.False(CallbackSignature.Matches(expected, token, timestamp, nonce, encrypt + "A"));
    }

    [Fact]
    public void Values_are_sorted_by_code_and_not_by_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("en-US");
        try
        {
            // Ordinal: "+qdx" "/abc" "1790" "RypEv" "_zA9" "n4Jq8".
            var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData("+qdx/abc1790RypEv_zA9n4Jq8"u8));
            Assert.Equal(expected, CallbackSignature.Compute("n4Jq8", "RypEv", "_zA9", "1790", "/abc", "+qdx"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("f464b24fc39322e44b38aa78f5edd27bd144169")]
    [InlineData("f464b24fc39322e44b38aa78f5edd27bd14416960")]
    [InlineData("f464b24fc39322e44b38aa78f5edd27bd1441697")]
    [InlineData("z464b24fc39322e44b38aa78f5edd27bd1441696")]
    [InlineData("签名签名签名签名签名签名签名签名签名签名签名签名签名签名签名签名签名签名签名签名")]
    public void Anything_else_is_no_match_and_no_exception(string? signature)
    {
        Assert.False(CallbackSignature.Matches(signature, "AAAAA", "1714036504", "1514711492"));
        Assert.False(CallbackSignature.Matches(signature, null!, null!, null!));
    }

    [Fact]
    public void More_values_than_fit_the_stack_are_sorted_too()
    {
        var values = Enumerable.Range(0, 26).Select(i => ((char)('z' - i)).ToString()).ToArray();
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData("abcdefghijklmnopqrstuvwxyz"u8));
        Assert.Equal(expected, CallbackSignature.Compute(values));
    }
}
