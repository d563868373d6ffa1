using CrmServerless.Tests.Azure.Stores;
using CrmServerless.Tests.Contracts;
using CrmServerless.WeChat.Api;
using Microsoft.Extensions.Configuration;
using Xunit.Abstractions;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// The contract against api.weixin.qq.com, with the account whose <c>WECHAT_APPID</c> and <c>WECHAT_SECRET</c> are set; this
/// machine's address must be on its allow-list (40164). Nothing is changed there.
/// </summary>
[TestCaseOrderer(SkipWithoutOfficialAccount.Name, SkipWhere.Assembly)]
public sealed class RealOfficialAccountTests(RealOfficialAccount real, ITestOutputHelper output) : OfficialAccountContract(output), IClassFixture<RealOfficialAccount>
{
    protected override OfficialAccountUnderTest Subject => real.Subject;
}

/// <summary>One client for all tests: a token a test would be a waste.</summary>
public sealed class RealOfficialAccount : IDisposable
{
    private static readonly IConfiguration Environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();

    /// <summary>What is missing, or null.</summary>
    public static string? WhyNot { get; } = Environment["WECHAT_APPID"] is { Length: > 0 } && Environment["WECHAT_SECRET"] is { Length: > 0 }
        ? null
        : "Set WECHAT_APPID and WECHAT_SECRET to those of an Official Account to run this against the real platform (read-only).";

    public OfficialAccountUnderTest Subject { get; } = new(
        new AccountCredentials("real", Environment["WECHAT_APPID"] ?? "", Environment["WECHAT_SECRET"] ?? ""), new WeChatApiOptions());

    public void Dispose() => Subject.Dispose();
}

public sealed class SkipWithoutOfficialAccount() : SkipWhere(RealOfficialAccount.WhyNot)
{
    public const string Name = $"CrmServerless.Tests.WeChat.{nameof(SkipWithoutOfficialAccount)}";
}
