using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>A call of the client, and what is to be read from the answer in the sample of this name.</summary>
internal sealed record WeComApiCall(string Sample, Func<WeComApi, Task<ApiResult>> Make, Action<ApiResult> Expect);

/// <summary>A call for each sample: what an author of the client would write, and the values that matter, by hand.</summary>
internal static partial class WeComApiCalls
{
    private static readonly AccountCredentials Corp = FakeWeChat.Company;

    public static IReadOnlyDictionary<string, WeComApiCall> All { get; } =
        new[] { Customers, Groups, Campaigns, Acquisition, Company, Kf }.SelectMany(calls => calls()).ToDictionary(call => call.Sample, StringComparer.Ordinal);

    private static WeComApiCall Of<T>(string sample, Func<WeComApi, Task<ApiResult<T>>> make, Action<T> expect) =>
        new(sample, async api => await make(api), result => expect(((ApiResult<T>)result).Required));

    private static WeComApiCall Of(string sample, Func<WeComApi, Task<ApiResult>> make) => new(sample, make, result => Assert.True(result.Ok, result.ToString()));

    private static WeComApiCall Refused<T>(string sample, Func<WeComApi, Task<ApiResult<T>>> make, int code) =>
        new(sample, async api => await make(api), result => Assert.Equal(code, result.ErrCode));

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
