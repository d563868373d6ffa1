using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.WeChat;

public sealed class EncodingAesKeyTests
{
    [Theory]
    // The last characters C (000010), R (010001) and G (000110) use bits that canonical Base64 leaves zero.
    [InlineData("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")]
    [InlineData("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")]
    public void The_classic_keys_are_accepted_though_they_are_not_canonical_Base64(string text)
    {
        Assert.False(System.Buffers.Text.Base64.IsValid(text + "="));
        Assert.True(EncodingAesKey.TryParse(text, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789ABCDEF")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789ABCDE G")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789ABCDE-_")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789ABCDE钥匙")]
    public void Anything_but_43_Base64_characters_is_refused_and_not_repeated(string? text)
    {
        Assert.False(EncodingAesKey.TryParse(text, out _));
        var error = Assert.Throws<FormatException>(() => EncodingAesKey.Parse(text!));
        Assert.Contains("43", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijkl", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_does_not_print_itself() =>
        Assert.Equal("EncodingAesKey", Vectors.JavaSample.AesKey.ToString());
}
