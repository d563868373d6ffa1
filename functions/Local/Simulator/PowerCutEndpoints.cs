using CrmServerless.Crm.Api;
using CrmServerless.Local.Hosting;

namespace CrmServerless.Local.Simulator;

/// <summary><c>/simulator/powercut</c>: asks the parent for a power cut, and shows what it found.</summary>
public sealed class PowerCutEndpoints(LocalOptions options, OwnAddress own, LiveFeed feed) : IDisposable
{
    private readonly ParentLink? parent = options.Parent is { } handles ? new ParentLink(handles) : null;
    private volatile PowerCutReport? last;

    public void Map(OperatorRoutes api, IHostApplicationLifetime lifetime)
    {
        parent?.WatchOver(lifetime);
        api.Get("/simulator/powercut", Role.Viewer, Read);
        api.Post("/simulator/powercut", Role.Agent, Ask);
        api.Post("/simulator/powercut/report", Role.Agent, Report);
    }

    public void Dispose() => parent?.Dispose();

    private Task Read(HttpContext http, Operator caller) =>
        http.Write(last ?? new PowerCutReport(false, 0, 0, 0, 0, 0), SimulatorJson.Types.PowerCutReport);

    private async Task Ask(HttpContext http, Operator caller)
    {
        if (parent is null)
        {
            await http.Problem(409, "This host runs without a parent (--alone), so nobody could start it again.");
            return;
        }

        if (last is { Running: true })
        {
            await http.Problem(409, "The power is being cut already.");
            return;
        }

        last = new PowerCutReport(true, 0, 0, 0, 0, 0);
        await parent.AskForPowerCut(own.Uri);
        await http.Write(last, SimulatorJson.Types.PowerCutReport);
    }

    private async Task Report(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.PowerCutReport) is not { } report) return;
        last = report;
        feed.Send("powercut", report, SimulatorJson.Types.PowerCutReport);
        http.Response.StatusCode = 204;
    }
}
