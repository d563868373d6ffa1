using CrmServerless.Tests.Contracts;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;
using Xunit.Abstractions;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>What the real platform is asked, asked of the simulator: the Official Account.</summary>
public sealed class SimulatorOfficialAccountTests(SimulatorHostTests.Hosted hosted, ITestOutputHelper output)
    : OfficialAccountContract(output), IClassFixture<SimulatorHostTests.Hosted>, IDisposable
{
    protected override OfficialAccountUnderTest Subject { get; } = new(
        SimulatorHostTests.Hosted.Accounts.Find("main")!.Credentials,
        new WeChatApiOptions { OfficialAccountBase = new Uri(hosted.Host.Http.BaseAddress!, "simulator/wechat/") }, WeChatHttp.Handler(proxy: false));

    public void Dispose() => Subject.Dispose();
}

/// <summary>What the real platform is asked, asked of the simulator: WeCom.</summary>
public sealed class SimulatorWeComTests(SimulatorHostTests.Hosted hosted, ITestOutputHelper output)
    : WeComContract(output), IClassFixture<SimulatorHostTests.Hosted>
{
    protected override WeComApi Api { get; } = hosted.Host.Get<WeComApi>();

    protected override TokenCentre Tokens { get; } = hosted.Host.Get<TokenCentre>();

    protected override AccountCredentials Account { get; } = SimulatorHostTests.Hosted.Accounts.Find("work")!.Credentials;
}
