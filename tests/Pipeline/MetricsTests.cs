using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>Alone: a host's exporter hears the meters of every host of the process.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
public sealed class Alone;

/// <summary><c>/metrics</c> of the real host: what dashboards and alerts read.</summary>
[Collection(nameof(MetricsTests))]
public sealed class MetricsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_complaint_shows_in_every_figure_and_nobody_can_be_recognised()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        await host.Accept(Xml.Event(customer, "subscribe", host.Now));
        await host.Text(customer, "我要维权，机密");
        using (var refused = await host.Http.PostAsync("/api/wechat/main?signature=x", new StringContent("<xml/>"))) { }
        await host.Idle();
        await host.Get<KeepUp>().Run(default);

        var text = await host.Http.GetStringAsync("/metrics");
        Assert.Equal(2, Figure(text, "crm_acks_total", "account=\"main\"", "result=\"accepted\""));
        Assert.Equal(1, Figure(text, "crm_acks_total", "result=\"refused\""));
        Assert.Equal(1, Figure(text, "crm_refusals_total", "status=\"400\""));
        Assert.Equal(2, Figure(text, "crm_ack_duration_seconds_count", "result=\"accepted\""));
        // Two events and two answers' reports reach the customer stage.
        Assert.Equal(4, Figure(text, "crm_facts_total", "stage=\"customer\"", "outcome=\"handled\""));
        Assert.Equal(4, Figure(text, "crm_stage_lag_seconds_count", "stage=\"customer\""));
        Assert.Equal(4, Figure(text, "crm_stage_duration_seconds_count", "stage=\"customer\""));
        Assert.Equal(2, Figure(text, "crm_sends_total", "outcome=\"sent\""));
        Assert.Equal(1, Figure(text, "crm_alert_latency_seconds_count", "level=\"high\""));
        Assert.True(Figure(text, "crm_wechat_calls_total", "api=\"cgi-bin/message/custom/send\"", "code=\"0\"") >= 2); // of all hosts of this process
        Assert.Equal(0, Figure(text, "crm_deadletters"));
        Assert.Equal(0, Figure(text, "crm_spill_waiting"));
        Assert.Equal(0, Figure(text, "crm_alerts_overdue"));
        Assert.Equal(0, Figure(text, "crm_reports_missing"));
        Assert.DoesNotContain(customer, text, StringComparison.Ordinal);
        Assert.DoesNotContain("机密", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fact_that_comes_again_is_counted_as_a_duplicate_and_one_that_is_given_up_as_dead()
    {
        await using var host = await Start();
        var fact = Some.Text("x");
        var runner = host.Get<PipelineRunner>();
        await runner.Run("customer", fact.ToUtf8Bytes(), 1, default);
        await runner.Run("customer", fact.ToUtf8Bytes(), 2, default);
        await runner.Run("alert", "no envelope"u8.ToArray(), 1, default);
        await runner.Run("reply", (fact with { Deadline = host.Now.AddSeconds(-1) }).ToUtf8Bytes(), 1, default);
        await host.Idle();
        await host.Get<KeepUp>().Run(default);

        var text = await host.Http.GetStringAsync("/metrics");
        Assert.Equal(1, Figure(text, "crm_facts_total", "stage=\"customer\"", "outcome=\"handled\""));
        Assert.Equal(1, Figure(text, "crm_facts_total", "stage=\"customer\"", "outcome=\"duplicate\""));
        Assert.Equal(1, Figure(text, "crm_facts_total", "stage=\"alert\"", "outcome=\"deadlettered\""));
        Assert.Equal(1, Figure(text, "crm_facts_total", "stage=\"reply\"", "outcome=\"expired\""));
        Assert.Equal(1, Figure(text, "crm_deadletters"));
    }

    [Fact]
    public async Task Metrics_are_for_operators_only()
    {
        await using var host = await TestHost.Start(folder.File("data"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "crm.example.com" } };
        using var response = await host.Http.SendAsync(request);
        Assert.Equal(401, (int)response.StatusCode);
    }

    // Without timers: the gauges are those of the test's own upkeep.
    private Task<TestHost> Start() => TestHost.Start(folder.File("data"), configure: services =>
        services.Remove(services.Single(d => d.ImplementationType == typeof(Timers))));

    /// <summary>The value of the one line with this name and these labels.</summary>
    private static double Figure(string text, string name, params string[] labels)
    {
        var lines = text.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length] is '{' or ' ' && labels.All(label => l.Contains(label, StringComparison.Ordinal))).ToList();
        Assert.True(lines.Count == 1, $"{name} {string.Join(' ', labels)}: {lines.Count} lines in\n{text}");
        return double.Parse(lines[0].Split('}')[^1].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
