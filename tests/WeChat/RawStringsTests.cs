using System.Text;
using System.Text.Json;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CsCheck;

namespace CrmServerless.Tests.WeChat;

public sealed class RawStringsTests
{
    [Theory]
    // UnsafeRelaxedJsonEscaping would escape each of these.
    [InlineData("👍𠮷", "👍𠮷")]
    [InlineData("全角\u3000空格\u00A0x", "全角\u3000空格\u00A0x")]
    [InlineData("\u2028\uE000\u007F\uFEFF", "\u2028\uE000\u007F\uFEFF")]
    [InlineData("a\u0000\u001Fb", "ab")]
    [InlineData("\"\\\n\r\t", """\"\\\n\r\t""")]
    public void Strings_are_written_raw(string text, string expected) => Assert.Equal($"\"{expected}\"", Json(text));

    [Fact]
    public void Half_an_emoji_is_replaced() => Assert.Equal("\"half \uFFFD\"", Json("half \uD83D"));

    [Fact]
    public void No_text_at_all_becomes_an_escape_and_every_one_reads_back() =>
        Gen.String.Sample(text =>
        {
            var json = Json(text);
            var sent = new string([.. Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Where(c => c >= ' ' || c is '\n' or '\r' or '\t')]);
            return JsonSerializer.Deserialize<string>(json) == sent
                && !json.Replace("\\\\", "", StringComparison.Ordinal).Contains("\\u", StringComparison.Ordinal);
        });

    private static string Json(string text)
    {
        var json = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(new CustomSendText(text), OfficialAccountJson.Types.CustomSendText));
        return json["{\"content\":".Length..^1];
    }
}
