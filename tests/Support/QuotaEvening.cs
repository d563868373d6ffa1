using System.Text.Json;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Tests.Support;

/// <summary>A shop that answers a question, and an evening on which WeChat says that the day's messages are used up.</summary>
public static class QuotaEvening
{
    public const string Question = "几点关门";

    /// <summary>21:00 in Shanghai: three hours to the reset at midnight.</summary>
    public static readonly DateTimeOffset Evening = new(2026, 6, 1, 13, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Midnight = new(2026, 6, 1, 16, 0, 0, TimeSpan.Zero);

    public static (string, Rule) Answering(string kind = "oa.message.text") =>
        (RuleKind.Replies, new Rule { Id = "hours", When = new() { Kinds = [kind] }, Then = JsonSerializer.SerializeToElement(new { text = "22 点" }) });

    /// <summary>The quota is used up, and these customers ask.</summary>
    public static async Task<Worker> OnTheEvening(this World world, params string[] customers)
    {
        world.Clock.SetUtcNow(Evening);
        world.Phone.ErrCode = 45009;
        var worker = world.Hire();
        foreach (var customer in customers) await worker.Publish(world.Text(customer, Question));
        await worker.Drain();
        return worker;
    }

    /// <summary>How often a process has called WeChat, for whatever.</summary>
    public static int Calls(this Worker worker) => worker.Fate.Acts.Count(a => a.StartsWith("call ", StringComparison.Ordinal));
}
