using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>What happens to the folder of the databases while the host runs.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ManualClock clock = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));

    private string Data => folder.File("data");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_host_whose_folder_is_gone_acknowledges_nothing_until_it_is_back()
    {
        await using var host = await TestHost.Start(Data, clock);
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "在");
        await host.Idle();
        Directory.Move(Data, Data + ".away");
        var payload = Xml.Text(customer, "还在吗", TestHost.NewMsgId(), host.Now);
        Assert.Equal(503, await Status(host, payload));
        var health = await host.GetJson("/api/health");
        Assert.Equal(("attention", 1), (health.GetProperty("status").GetString(), health.GetProperty("refused").GetInt32()));

        Directory.Move(Data + ".away", Data);
        await host.Accept(payload); // WeChat's retry
        await clock.RunUntil(host.Idle(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, (await host.Customer(customer)).In["oa.message.text"]);
        Assert.Equal("ok", (await host.GetJson("/api/health")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_host_whose_folder_is_deleted_acknowledges_nothing()
    {
        await using var host = await TestHost.Start(Data, clock);
        Directory.Delete(Data, recursive: true);
        Assert.Equal(503, await Status(host, Xml.Text(TestHost.NewOpenId(), "在吗", TestHost.NewMsgId(), host.Now)));
    }

    [Fact]
    public async Task A_host_whose_folder_is_gone_still_stops_in_good_order()
    {
        var host = await TestHost.Start(Data, clock);
        await host.Text(TestHost.NewOpenId(), "在");
        await host.Idle();
        await host.Bus.Flush();
        Directory.Delete(Data, recursive: true);
        await host.Stop();
        await host.DisposeAsync(); // its last write fails on the writer's thread, where an exception would end the process
    }

    [Fact]
    public async Task A_host_that_has_stopped_leaves_all_of_a_database_in_its_one_file()
    {
        await using (var host = await TestHost.Start(Data))
        {
            await host.Text(TestHost.NewOpenId(), "我要维权");
            await host.Idle();
            await host.GetJson("/api/health");
            await host.Stop();
        }

        Assert.Equal(["bus.db", "documents.db", "simulator.db", "spill.db"], Directory.GetFiles(Data, "*.db*").Select(Path.GetFileName).Order().Where(f => f != "bus.db.lock"));
    }

    private async Task<int> Status(TestHost host, string payload)
    {
        using var answer = await clock.RunUntil(host.Deliver(payload), TimeSpan.FromMilliseconds(100));
        return (int)answer.StatusCode;
    }
}
