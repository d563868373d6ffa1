using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

/// <summary>The client's calls by the file of samples/api/oa that documents each: how it is made, and what must have been understood.</summary>
internal static partial class OaGoldenCalls
{
    private static readonly AccountCredentials A = FakeWeChat.Account;

    private static readonly Dictionary<string, GoldenCall> Calls = new(StringComparer.Ordinal);

    static OaGoldenCalls()
    {
        Users();
        Messages();
        Media();
        Menus();
        Desk();
        Figures();
        Quotas();
    }

    public static IReadOnlyDictionary<string, GoldenCall> ByFile => Calls;

    // A call of which only the status counts.
    private static void Does(string file, Func<OfficialAccountApi, Task<ApiResult>> call, [CallerArgumentExpression(nameof(call))] string text = "") =>
        Calls.Add(file, new GoldenCall(Method(text), call, static result => Assert.IsType<ApiResult>(result), IsTyped: false));

    private static void Answers<T>(
        string file, Func<OfficialAccountApi, Task<ApiResult<T>>> call, Action<T> check, [CallerArgumentExpression(nameof(call))] string text = "")
        where T : class =>
        Calls.Add(file, new GoldenCall(Method(text), async api => await call(api), result => check(Assert.IsType<ApiResult<T>>(result).Required), IsTyped: true));

    private static string Method(string text) => Called().Match(text).Groups[1].Value;

    [GeneratedRegex(@"\bapi\.(\w+)\(")]
    private static partial Regex Called();
}

/// <param name="Method">The client's method.</param>
/// <param name="Make">Makes the call.</param>
/// <param name="Check">Fails unless the documented answer was understood.</param>
/// <param name="IsTyped">It answers more than a status.</param>
internal sealed record GoldenCall(string Method, Func<OfficialAccountApi, Task<ApiResult>> Make, Action<ApiResult> Check, bool IsTyped);
