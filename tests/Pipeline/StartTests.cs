using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CrmServerless.Crm.Alerts;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrmServerless.Tests.Pipeline;

/// <summary>A host that cannot start says why in one sentence; one that can finds what the last one left.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_busy_port_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var fault = await Cannot(new LocalOptions { Urls = url, Data = folder.File("data") });
        Assert.Contains(url, fault, StringComparison.Ordinal);
        Assert.Contains("--urls", fault, StringComparison.Ordinal);
        // Nothing of the failed start holds the folder.
        await using var host = await TestHost.Start(folder.File("data"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        await File.WriteAllTextAsync(folder.File("file"), "not a folder");
        var data = Path.Combine(folder.File("file"), "data");
        var fault = await Cannot(new LocalOptions { Urls = "http://127.0.0.1:0", Data = data });
        Assert.Contains(data, fault, StringComparison.Ordinal);
        Assert.Contains("--data", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_another_host_uses_is_named()
    {
        await using var host = await TestHost.Start(folder.File("data"));
        var fault = await Cannot(new LocalOptions { Urls = "http://127.0.0.1:0", Data = folder.File("data") });
        Assert.Contains(folder.File("data"), fault, StringComparison.Ordinal);
        Assert.Contains("in use", fault, StringComparison.Ordinal);
        await host.Text(TestHost.NewOpenId(), "还在"); // the first one goes on
    }

    [Theory]
    [InlineData("bus.db")]
    [InlineData("documents.db")]
    [InlineData("spill.db")]
    [InlineData("simulator.db")]
    public async Task A_database_that_is_damaged_is_named(string name)
    {
        await using (await TestHost.Start(folder.File("data"))) { }
        var path = Path.Combine(folder.File("data"), name);
        await File.WriteAllTextAsync(path, new string('x', 5000));
        var fault = await Cannot(new LocalOptions { Urls = "http://127.0.0.1:0", Data = folder.File("data") });
        Assert.Contains(path, fault, StringComparison.Ordinal);
        Assert.Contains("--data", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accounts__main__Token", null, "missing")]
    [InlineData("Accounts__main__Token", "with-dashes", "3 to 32 letters or digits")]
    [InlineData("Accounts__main__AppId", "gh_97417a04a28d", "wx and 16")]
    [InlineData("Accounts__main__EncodingAesKey", "short", "43 letters and digits")]
    [InlineData("Accounts__main__EncodingAesKey", null, "43 letters and digits")]
    [InlineData("Accounts__main__Secret", "", "app secret")]
    [InlineData("Accounts__main__Kind", "Blog", "OfficialAccount")]
    [InlineData("Accounts__main__Location", "Sell", "Drop or Keep")]
    [InlineData("Accounts__main__Tokn", "x", "unknown; known are Kind, AppId")]
    [InlineData("Accounts__Main__Kind", "OfficialAccount", "a-z")]
    public void A_missing_or_wrong_setting_is_named_with_its_form_and_file_and_never_its_value(string key, string? value, string expected)
    {
        var values = Settings();
        if (value is null) values.Remove(key);
        else values[key] = value;
        var fault = Faulty(JsonSerializer.Serialize(new { Values = values }));
        Assert.Contains(key.Contains("Main", StringComparison.Ordinal) ? "Accounts__Main" : key, fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        if (value?.Length > 4) Assert.DoesNotContain(value == "OfficialAccount" ? "\u0001" : value, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Values\": { ", "line 1")]
    [InlineData("[]", "Values")]
    [InlineData("{}", "Values")]
    [InlineData("{ \"Values\": {} }", "Accounts__{name}__Kind")]
    public void A_settings_file_that_is_none_is_named(string text, string expected) => Assert.Contains(expected, Faulty(text), StringComparison.Ordinal);

    [Fact]
    public void A_settings_file_that_is_not_there_is_named()
    {
        var fault = Assert.Throws<StartException>(() => LocalSettings.Read(new LocalOptions { Settings = folder.File("none.json") }));
        Assert.Contains(folder.File("none.json"), fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:7071")]
    [InlineData("--urls", "http://192.168.1.2:7071")]
    [InlineData("--urls", "http://*:7071")]
    [InlineData("--urls", "nonsense")]
    [InlineData("--urls", "")]
    [InlineData("--data")]
    [InlineData("--dta", "x")]
    [InlineData("--demo", "--real")]
    public void A_command_line_that_cannot_be_meant_is_refused(params string[] args) =>
        Assert.NotEmpty(Assert.Throws<StartException>(() => LocalOptions.Parse(args)).Message);

    [Fact]
    public async Task Answers_that_wait_at_the_start_go_out_once_the_host_listens()
    {
        var customers = Enumerable.Range(0, 10).Select(_ => TestHost.NewOpenId()).ToList();
        await using (var first = await TestHost.Start(folder.File("data"), configure: services =>
            services.Replace(ServiceDescriptor.Singleton(new HttpClient(new Unreachable()))).Replace(ServiceDescriptor.Singleton(new WeChatApiOptions { Retries = 0 }))))
        {
            foreach (var customer in customers) await first.Text(customer, "我要投诉");
            // Decided, and not sent: what the customer stage has to say is all with the stage of the answers.
            using var limit = new CancellationTokenSource(Patience.Limit);
            while (first.Bus.Depths() is var depths && (Open(depths, "customer") > 0 || Open(depths, "reply") < customers.Count)) await Task.Delay(5, limit.Token);
            await first.Stop().InTime();
        }

        await using var host = await TestHost.Start(folder.File("data"));
        await host.Idle();
        foreach (var customer in customers)
        {
            Assert.Single(await host.Outbox(customer));
            Assert.Equal(1, (await host.Customer(customer)).Out["sent"]);
        }
    }

    [Fact]
    public async Task Before_the_host_listens_a_send_has_surely_not_happened()
    {
        using var http = new HttpClient(new ToSimulator(new OwnAddress()));
        var (options, time) = (new WeChatApiOptions(), TimeProvider.System);
        var shared = new MemoryState();
        var (tokens, gates) = (new TokenCentre(http, shared, options, time), new ApiGates(shared, options, time));
        var api = new OfficialAccountApi(new WeChatTransport(http, tokens, gates, options, time));
        var result = await api.CustomSend(World.Account.Credentials, new CustomText("o1", "你好"));
        Assert.Equal((ApiFault.Transient, false), (result.Fault, result.OutcomeUnknown));
    }

    [Theory]
    [InlineData("Flood__PerAddress", "0")]
    [InlineData("Flood__PerAddress", "100001")]
    [InlineData("Flood__Total", "many")]
    [InlineData("Flood:Total", "-1")]
    public void A_flood_limit_that_is_none_is_named(string key, string value)
    {
        var settings = Settings();
        settings[key] = value;
        var fault = Faulty(System.Text.Json.JsonSerializer.Serialize(new { Values = settings }));
        Assert.Contains($"{key.Replace(":", "__", StringComparison.Ordinal)}: expected refused calls a second, 1 to 100000.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Flood_limits_are_settings()
    {
        var settings = Settings();
        File.WriteAllText(folder.File("own.json"), System.Text.Json.JsonSerializer.Serialize(new { Values = settings }));
        var read = LocalSettings.Read(new LocalOptions { Settings = folder.File("own.json") });
        Assert.Equal((10, 200), (read.Flood.PerAddress, read.Flood.Total));
        (settings["Flood__PerAddress"], settings["Flood__Total"]) = ("3", "44");
        File.WriteAllText(folder.File("own.json"), System.Text.Json.JsonSerializer.Serialize(new { Values = settings }));
        read = LocalSettings.Read(new LocalOptions { Settings = folder.File("own.json") });
        Assert.Equal((3, 44), (read.Flood.PerAddress, read.Flood.Total));
    }

    /// <summary>The way to WeChat is cut.</summary>
    private sealed class Unreachable : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException(HttpRequestError.ConnectionError);
    }

    private static int Open(IEnumerable<StageDepth> depths, string stage) => depths.Where(d => d.Stage == stage).Sum(d => d.Waiting + d.InFlight);

    private string Faulty(string json)
    {
        var file = folder.File("wrong.json");
        File.WriteAllText(file, json);
        var fault = Assert.Throws<StartException>(() => LocalSettings.Read(new LocalOptions { Settings = file }));
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
        return fault.Message;
    }

    private static Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["Accounts__main__Kind"] = "OfficialAccount", ["Accounts__main__AppId"] = "wxba5fad812f8e6fb9", ["Accounts__main__Token"] = "QingHeTea",
        ["Accounts__main__EncodingAesKey"] = new string('k', 43), ["Accounts__main__Secret"] = "a-secret-of-ours",
    };

    private static async Task<string> Cannot(LocalOptions options)
    {
        var settings = new LocalSettings(TestHost.Accounts, new AlertOptions(), "test");
        var fault = await Assert.ThrowsAsync<StartException>(() => LocalHost.Start(options, settings));
        Assert.DoesNotContain("\n", fault.Message, StringComparison.Ordinal);
        return fault.Message;
    }
}
