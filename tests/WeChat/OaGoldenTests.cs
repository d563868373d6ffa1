using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// Every call of the Official Account client, against the files of samples/api/oa: <c>path.json</c>, with dots for slashes and
/// without cgi-bin, and <c>path~variant.json</c>. A new file is a new test, and wants its row in <see cref="OaGoldenCalls"/>.
/// </summary>
public sealed class OaGoldenTests
{
    private static readonly byte[] TwentyMegabytes = new byte[20 * 1024 * 1024];

    public static TheoryData<string> Files => [.. ApiGolden.Names("oa")];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_call_is_made_and_its_answer_read_as_documented(string file)
    {
        var golden = ApiGolden.Read("oa", file);
        var (result, made) = await Make(file, golden.Response);
        golden.AssertMade(Assert.Single(made));
        Assert.True(result.Ok, $"{result}: {result.ErrMsg}");
        OaGoldenCalls.ByFile[file].Check(result);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Numbers_that_come_as_texts_with_blanks_are_the_same(string file)
    {
        if (ApiGolden.Read("oa", file).Answer is not { } answer) return;
        var (result, _) = await Make(file, () => FakeWeChat.Json(Changed(answer, n => n.GetValueKind() == System.Text.Json.JsonValueKind.Number ? $" {n.ToJsonString()}" : null).ToJsonString()));
        Assert.True(result.Ok, $"{result}: {result.ErrMsg}");
        OaGoldenCalls.ByFile[file].Check(result);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_list_that_comes_as_null_is_empty(string file)
    {
        if (ApiGolden.Read("oa", file).Answer is not JsonObject answer) return;
        var without = new JsonObject(answer.Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value is JsonArray ? null : m.Value?.DeepClone())));
        var (result, _) = await Make(file, () => FakeWeChat.Json(without.ToJsonString()));
        Assert.True(result.Ok, $"{result}: {result.ErrMsg}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_cannot_be_read_is_a_result_and_never_an_exception(string file)
    {
        var bare = OaGoldenCalls.ByFile[file].IsTyped ? """{"errcode":0,"errmsg":"ok"}""" : "{}";
        foreach (var body in new[] { "", "null", "[]", "{}", "\"ok\"", "{\"errcode\":", "[{\"errcode\":0}]", bare })
            IsUnanswered(await Make(file, () => FakeWeChat.Json(body)), body);
        IsUnanswered(await Make(file, () => new HttpResponseMessage { Content = new StringContent("<html>busy</html>", null, "text/html") }), "HTML");
        IsUnanswered(await Make(file, () => FakeWeChat.Json("<html>bad gateway</html>", HttpStatusCode.BadGateway)), "502");
        IsUnanswered(await Make(file, () => new HttpResponseMessage { Content = new ByteArrayContent(TwentyMegabytes) }), "20 MB");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_refusal_is_told_with_its_code_and_value(string file)
    {
        var (result, _) = await Make(file, () => FakeWeChat.Json("""{"errcode":48001,"errmsg":"api unauthorized rid: 64a"}"""));
        Assert.Equal((48001, ApiFault.Configuration, "api unauthorized rid: 64a", false), (result.ErrCode, result.Fault, result.ErrMsg, result.OutcomeUnknown));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Only_what_may_be_done_twice_is_tried_again(string file)
    {
        var (_, made) = await Make(file, () => FakeWeChat.Json("""{"errcode":-1,"errmsg":"system error"}"""), retries: 1);
        Assert.Equal(ApiGolden.Read("oa", file).Repeatable ? 2 : 1, made.Count);
    }

    [Fact]
    public void Every_file_has_its_call_and_every_call_of_the_client_its_file()
    {
        Assert.Equal(ApiGolden.Names("oa"), OaGoldenCalls.ByFile.Keys.Order(StringComparer.Ordinal));
        var client = typeof(OfficialAccountApi).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType.IsAssignableTo(typeof(Task))).Select(m => m.Name);
        Assert.Equal(client.Order(StringComparer.Ordinal), OaGoldenCalls.ByFile.Values.Select(c => c.Method).Distinct().Order(StringComparer.Ordinal));
        Assert.All(ApiGolden.Names("oa"), file => Assert.Equal(
            file.Split('~')[0], ApiGolden.Read("oa", file).Path.Replace("cgi-bin/", "", StringComparison.Ordinal).Replace('/', '.')));
    }

    private static void IsUnanswered((ApiResult Result, List<MadeCall> Made) call, string body) => Assert.True(
        call.Result is { ErrCode: -1, Fault: ApiFault.Transient, OutcomeUnknown: true }, string.Create(CultureInfo.InvariantCulture, $"{call.Result} for {body}"));

    private static async Task<(ApiResult Result, List<MadeCall> Made)> Make(string file, Func<HttpResponseMessage> answer, int retries = 0)
    {
        using var wechat = new FakeWeChat();
        var made = new List<MadeCall>();
        wechat.Answer = async (request, _) =>
        {
            made.Add(await MadeCall.Of(request));
            return answer();
        };
        using var http = new HttpClient(wechat, disposeHandler: false);
        var api = new OfficialAccountApi(wechat.Transport(http, wechat.Options with { Retries = retries, RetryDelay = TimeSpan.Zero }));
        return (await OaGoldenCalls.ByFile[file].Make(api), made);
    }

    private static JsonNode Changed(JsonNode node, Func<JsonNode, string?> change) => node switch
    {
        JsonObject o => new JsonObject(o.Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value is null || m.Key == "errcode" ? m.Value?.DeepClone() : Changed(m.Value, change)))),
        JsonArray a => new JsonArray([.. a.Select(e => e is null ? null : Changed(e, change))]),
        _ => change(node) is { } text ? JsonValue.Create(text) : node.DeepClone(),
    };
}
