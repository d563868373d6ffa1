using System.Globalization;
using CrmServerless.Tests.Azure.Stores;
using CrmServerless.Tests.Contracts;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;
using CrmServerless.WeChat.Callbacks;
using Microsoft.Extensions.Configuration;
using Xunit.Abstractions;

namespace CrmServerless.Tests.WeChat;

/// <summary>An application of the reader's own: <c>WECOM_CORPID</c>, <c>WECOM_SECRET</c> and, if he likes, <c>WECOM_AGENTID</c>.</summary>
internal static class RealWeCom
{
    private static readonly IConfiguration Environment = new ConfigurationBuilder().AddEnvironmentVariables("WECOM_").Build();

    public static AccountCredentials? Account { get; } = Environment["CORPID"] is { Length: > 0 } corp && Environment["SECRET"] is { Length: > 0 } secret
        ? new("real", corp, secret, Channel.WeCom, int.TryParse(Environment["AGENTID"], CultureInfo.InvariantCulture, out var agent) ? agent : null)
        : null;

    public static string? WhyNot => Account is null ? "No WeCom application: set WECOM_CORPID and WECOM_SECRET, and allow this machine's address in it." : null;
}

public sealed class SkipWithoutWeCom() : SkipWhere(RealWeCom.WhyNot)
{
    public const string Name = $"CrmServerless.Tests.WeChat.{nameof(SkipWithoutWeCom)}";
}

/// <summary>The contract against the real platform: it reads only.</summary>
[TestCaseOrderer(SkipWithoutWeCom.Name, SkipWhere.Assembly)]
public sealed class RealWeComTests : WeComContract, IDisposable
{
    private readonly HttpClient _http = new(WeChatHttp.Handler());

    public RealWeComTests(ITestOutputHelper output) : base(output)
    {
        var options = new WeChatApiOptions();
        var shared = new MemoryState();
        Tokens = new TokenCentre(_http, shared, options, TimeProvider.System);
        Api = new WeComApi(new WeChatTransport(_http, Tokens, new ApiGates(shared, options, TimeProvider.System), options, TimeProvider.System));
    }

    protected override WeComApi Api { get; }

    protected override TokenCentre Tokens { get; }

    protected override AccountCredentials Account => RealWeCom.Account!;

    public void Dispose() => _http.Dispose();
}
