using System.Text;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

public sealed class MediaKindTests
{
    private const int Mebibyte = 1024 * 1024;

    [Theory] // the first bytes as their own specifications give them
    [InlineData("FFD8FFE000104A464946", "image", "jpg")]
    [InlineData("FFD8FFE1", "image", "jpg")]
    [InlineData("89504E470D0A1A0A0000000D", "image", "png")]
    [InlineData("474946383961", "image", "gif")]
    [InlineData("474946383761", "image", "gif")]
    [InlineData("424D3600000000000000360000002800", "image", "bmp")]
    [InlineData("2321414D520A3C", "voice", "amr")]
    [InlineData("49443303000000", "voice", "mp3")]
    [InlineData("FFFB9064", "voice", "mp3")]
    [InlineData("FFF344C4", "voice", "mp3")]
    [InlineData("0000001866747970 6D703432 00000000", "video", "mp4")]
    [InlineData("0000002066747970 69736F6D 00000200", "video", "mp4")]
    [InlineData("0000001C66747970 61766331 00000000", "video", "mp4")]
    public void The_first_bytes_tell_what_it_is(string hex, string type, string extension)
    {
        var kind = MediaKind.Of(Bytes(hex))!;
        Assert.Equal((type, extension), (kind.Type, kind.Extension));
    }

    [Theory]
    [InlineData("")]
    [InlineData("FF")]
    [InlineData("FFD8")]
    [InlineData("FFF15080")] // AAC, which is no layer III
    [InlineData("52494646240000005741564566")] // WAV
    [InlineData("524946460000000057454250")] // WebP
    [InlineData("0000001866747970 68656963 00000000")] // HEIC of an iPhone
    [InlineData("0000001866747970 4D344120 00000000")] // M4A
    [InlineData("0000001466747970 71742020 00000000")] // QuickTime
    [InlineData("3C68746D6C3E")] // HTML
    [InlineData("424D57206973206E6F20706963")] // "BMW is no pic"
    [InlineData("255044462D312E37")] // PDF
    public void What_WeChat_does_not_take_is_nothing(string hex)
    {
        Assert.Null(MediaKind.Of(Bytes(hex)));
        Assert.Contains("JPG", Assert.Throws<ArgumentException>(() => MediaKind.Required(Bytes(hex))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FFD8FFE0", 10 * Mebibyte)]
    [InlineData("2321414D52", 2 * Mebibyte)]
    [InlineData("0000002066747970 69736F6D 00000200", 10 * Mebibyte)]
    public void Each_kind_has_its_size(string hex, int most)
    {
        var content = new byte[most + 1];
        Bytes(hex).CopyTo(content, 0);
        Assert.NotNull(MediaKind.Required(content.AsSpan(..most)));
        Assert.Contains($"WeChat takes {most}", Assert.Throws<ArgumentException>(() => MediaKind.Required(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cover_is_a_JPG_of_64_KB()
    {
        var content = new byte[(64 * 1024) + 1];
        Samples.Jpg.CopyTo(content, 0);
        Assert.Equal("thumb", MediaKind.Required(content.AsSpan(..^1), thumb: true).Type);
        Assert.Throws<ArgumentException>(() => MediaKind.Required(content, thumb: true));
        Assert.Throws<ArgumentException>(() => MediaKind.Required(Bytes("89504E470D0A1A0A"), thumb: true));
    }

    [Fact]
    public async Task What_it_does_not_take_is_not_uploaded()
    {
        using var wechat = new FakeWeChat();
        await Assert.ThrowsAsync<ArgumentException>(() => wechat.Api.MediaUpload(FakeWeChat.Account, Encoding.UTF8.GetBytes("text")));
        await Assert.ThrowsAsync<ArgumentException>(() => wechat.Api.KfAccountUploadHeadImg(FakeWeChat.Account, "kf1@test", Bytes("89504E470D0A1A0A")));
        Assert.Empty(wechat.Calls);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
