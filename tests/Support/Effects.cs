using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Support;

/// <summary>
/// Everything that the events of one customer led to, as text: a run with a crash must read like one without. Not in it:
/// times, and what is allowed to happen more than once.
/// </summary>
public static class Effects
{
    public static async Task<string> Of(World world, string openId)
    {
        var file = await world.Customer(openId) ?? throw new InvalidOperationException("No customer file.");
        var text = new StringBuilder();
        void Line(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
        Line("version", file.Version);
        Line("in", Counts(file.In));
        Line("out", Counts(file.Out));
        Line("stage", file.Stage);
        Line("tags", string.Join(' ', file.Tags.Select(t => $"{t.Name}/{t.RuleId}/{t.RuleVersion}")));
        Line("handled", string.Join(' ', file.Handled.Select(h => h.Mark)));
        Line("outbox", file.Outbox.Count);
        Line("slots", string.Join(' ', file.Window.Slots.Select(s => $"{s.Grant}:{s.Send}")));
        Line("timeline", string.Join(' ', (await world.Timeline(openId)).Select(e => $"{e.Kind}:{e.Id}").Order(StringComparer.Ordinal)));
        Line("ledger", string.Join(' ', (await Ledger(world, openId)).Select(s => $"{s.Id}={s.Entry.State}")));
        Line("phone", string.Join(' ', world.Phone.Arrived.Where(m => m.OpenId == openId).Select(m => m.Text)));
        Line("report", await Report(world));
        Line("dead letters", (await world.Documents.Query(Collections.Work, new DocumentQuery { Where = [new("type", Operator.Equal, "deadletter")] }, default)).Items.Count);
        return text.ToString();
    }

    public static async Task<IReadOnlyList<(string Id, SendEntry Entry)>> Ledger(World world, string openId) =>
        [.. (await world.Documents.List(Collections.Customers, World.Key(openId), IdRange.StartingWith("send.", 100), default))
            .Select(d => (d.Id, JsonSerializer.Deserialize(d.Data.Span, CrmJson.Types.SendEntry)!))];

    /// <summary>How often facts of a subject were completed by a stage.</summary>
    public static int Completions(this World world, string stage, string subject) =>
        world.Completed.Count(c => c.Stage == stage && c.Fact.Subject == subject);

    private static async Task<string> Report(World world)
    {
        await using var reader = world.Hire();
        var report = await reader.Get<BuildReport>().Compute(World.Account.Name, Shanghai.Day(world.Clock.GetUtcNow()), default);
        return string.Join(' ',
            $"events={report.Events.Total} kinds={Counts(report.Events.ByKind)} sent={report.Replies.Sent} unknown={report.Replies.Unknown}",
            $"refused={report.Replies.Refused} skipped={report.Replies.Skipped} tags={Counts(report.Tags.Given)} alerts={report.Alerts.Raised}");
    }

    private static string Counts<T>(IEnumerable<KeyValuePair<string, T>> counts) =>
        string.Join(',', counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
}
