using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>Every call of the client against a pair of the documentation: a new file is a new test, and each method has a file.</summary>
public sealed class WeComApiSampleTests : IDisposable
{
    private readonly FakeWeChat _wechat = new();

    public static TheoryData<string> Files => [.. WeComApiSample.OnDisk];

    public void Dispose() => _wechat.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_call_sends_what_is_documented_and_reads_what_is_answered(string file)
    {
        var (sample, call) = (WeComApiSample.Read(file), WeComApiCalls.All[file]);
        string? method = null, type = null;
        byte[] body = [];
        _wechat.Answer = async (request, cancellation) =>
        {
            method = request.Method.Method;
            type = request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var values) == true ? values.ToString() : null;
            body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellation);
            return sample.Answer();
        };

        var result = await call.Make(_wechat.WeCom);

        Assert.Equal([("/cgi-bin/gettoken", "?corpid=ww1&corpsecret=s3cret"), ("/" + sample.Path, _wechat.Calls[^1].Query)], _wechat.Calls.Select(c => (c.Path, c.Query)));
        Assert.Equal(sample.Method, method);
        var query = HttpUtility.ParseQueryString(_wechat.Calls[^1].Query);
        Assert.Equal("t1", query["access_token"]);
        query.Remove("access_token");
        Assert.Equal(sample.Query.OrderBy(q => q.Key), query.AllKeys.Select(key => KeyValuePair.Create(key!, query[key]!)).OrderBy(q => q.Key));
        Same(sample, type, body);
        call.Expect(result);
        // The answer is logged by nobody who does not mean to.
        Assert.DoesNotContain("t1", result.ToString(), StringComparison.Ordinal);
        Assert.True(result.GetType().GetProperty("Value")?.GetValue(result) is not { } value || value.ToString() == value.GetType().Name);
    }

    [Fact]
    public void Every_sample_has_a_call_and_every_call_a_sample() =>
        Assert.Equal(WeComApiSample.OnDisk, WeComApiCalls.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_method_of_the_client_has_a_sample_that_is_named_as_it_is()
    {
        var methods = typeof(WeComApi).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(m => m.Name.ToLowerInvariant()).ToHashSet();
        Assert.Empty(methods.Except(WeComApiSample.OnDisk.Select(WeComApiSample.MethodOf)));
        Assert.Empty(WeComApiSample.OnDisk.Select(WeComApiSample.MethodOf).Except(methods));
        Assert.All(WeComApiSample.OnDisk, file => Assert.Equal("cgi-bin/" + file.Split('~')[0].Replace('.', '/'), WeComApiSample.Read(file).Path));
    }

    [Fact]
    public void Every_answer_prints_its_type_only() => Assert.All(
        typeof(WeComApi).Assembly.GetTypes().Where(type => type.Namespace == typeof(WeComApi).Namespace && type.IsAssignableTo(typeof(WireRecord)) && !type.IsAbstract),
        type => Assert.Equal(typeof(WireRecord), type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType));

    private static void Same(WeComApiSample sample, string? type, byte[] body)
    {
        if (sample.Multipart is { } part)
        {
            Assert.StartsWith("multipart/form-data; boundary=", type, StringComparison.Ordinal);
            var boundary = type!.Split('=')[1];
            Assert.All(boundary, c => Assert.True(char.IsAsciiHexDigit(c)));
            var start = Encoding.UTF8.GetBytes(
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; filename=\"{part.FileName}\"; filelength={part.Content.Length}\r\nContent-Type: application/octet-stream\r\n\r\n");
            Assert.Equal([.. start, .. part.Content, .. Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n")], body);
        }
        else if (sample.Request is { } request)
        {
            Assert.Equal("application/json; charset=utf-8", type);
            var sent = JsonNode.Parse(body)!;
            Assert.True(JsonNode.DeepEquals(request, sent), $"expected {request.ToJsonString()}\nsent     {sent.ToJsonString()}");
        }
        else
        {
            Assert.Null(type);
            Assert.Empty(body);
        }
    }
}
