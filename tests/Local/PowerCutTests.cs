using System.Security.Cryptography;
using CrmServerless.Crm.Alerts;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Local;

/// <summary>拔电源, with a host in this process whose broker stops in the middle of its work.</summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_before_and_after_the_cut_is_counted_as_in_effect_once()
    {
        var host = await Start();
        var address = host.Http.BaseAddress!;
        var power = new PowerCut(address, new LocalSettings(TestHost.Accounts, new AlertOptions(), "test"));
        await power.Run(async _ =>
        {
            host.Bus.Kill();
            await host.DisposeAsync();
            host = await TestHost.Start(folder.File("data"), TimeProvider.System, url: address.ToString());
        }, default).WaitAsync(TimeSpan.FromMinutes(4));

        var report = await host.GetJson("/simulator/powercut");
        await host.DisposeAsync();
        Assert.False(report.GetProperty("running").GetBoolean());
        Assert.Equal((0, 0), (report.GetProperty("lost").GetInt32(), report.GetProperty("doubled").GetInt32()));
        Assert.Equal((1000, 1000), (report.GetProperty("acknowledged").GetInt32(), report.GetProperty("effective").GetInt32()));
    }

    // The host comes back at its address. So it is none that the system would give to whoever asks for any while it is down.
    private async Task<TestHost> Start()
    {
        for (var port = 20_000 + RandomNumberGenerator.GetInt32(10_000); ; port++)
        {
            try
            {
                return await TestHost.Start(folder.File("data"), TimeProvider.System, url: $"http://127.0.0.1:{port}");
            }
            catch (StartException) when (port < 30_000)
            {
                // Somebody's.
            }
        }
    }
}
