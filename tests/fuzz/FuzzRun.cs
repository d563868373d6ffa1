using System.Globalization;
using System.Text;
using CrmServerless.Crm.Receive;

namespace CrmServerless.Fuzz;

/// <summary>Sends cases one after the other until one is answered wrongly; counts what came of them.</summary>
public sealed class FuzzRun(int seed) : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly SteppingClock clock = new();
    private readonly SortedDictionary<(Stage Stage, string Name), int> outcomes = [];
    private Doorway? door;
    private int made;
    private int beforeSigning;

    /// <summary>The share of cases that were mutated before they were encrypted and signed.</summary>
    public double MutatedBeforeSigning => (double)beforeSigning / made;

    /// <summary>How many ended in a way, by its name in the table.</summary>
    public int Count(string name) => outcomes.Where(o => o.Key.Name == name).Sum(o => o.Value);

    /// <summary>Null, or what went wrong, with all that is needed to see it again.</summary>
    public async Task<string?> Send(int first, int cases)
    {
        // The limits as they are, but of one address hardly any: a quarter of all calls come from one.
        if (door is null)
        {
            door = new Doorway(clock, new FloodOptions { PerAddress = 2 });
            await door.LoadRules();
        }

        for (var number = first; number < first + cases; number++)
        {
            clock.Step(Step);
            var call = FuzzCase.Of(seed, number, clock.GetUtcNow());
            var fault = await Send(call);
            made++;
            if (call.MutatedBeforeSigning) beforeSigning++;
            if (fault is not null) return $"seed {seed}, case {number}: {fault}\n{call}";
        }

        return null;
    }

    public string Table()
    {
        var names = outcomes.Keys.Select(k => k.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = new StringBuilder($"  {"mutated",-10}");
        foreach (var name in names) table.Append(CultureInfo.InvariantCulture, $"{name,12}");
        foreach (var stage in Enum.GetValues<Stage>()) Row($"{stage}", name => outcomes.GetValueOrDefault((stage, name)));
        Row("all", Count);
        return table.ToString();

        void Row(string title, Func<string, int> count)
        {
            table.Append(CultureInfo.InvariantCulture, $"\n  {title,-10}");
            foreach (var name in names) table.Append(CultureInfo.InvariantCulture, $"{count(name),12}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (door is not null) await door.DisposeAsync();
    }

    private async Task<string?> Send(FuzzCase call)
    {
        Outcome outcome;
        try
        {
            outcome = await door!.Call(call.Method, call.Account, call.Query, call.Open(), call.Length, call.ContentType, call.From);
        }
#pragma warning disable CA1031 // Any exception is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"an exception got out: {e}";
        }

        var place = (call.Stage, Verdict.Name(call, outcome));
        outcomes[place] = outcomes.GetValueOrDefault(place) + 1;
        if (door.Log.Lines.FirstOrDefault(line => !IsFit(line)) is { } line) return $"logged: {line}";
        return Verdict.Of(call, outcome);
    }

    // What the door may say names an account and nothing else; whatever is longer may hold content.
    private static bool IsFit(string line) => line.StartsWith("Warning", StringComparison.Ordinal) && line.Length < 220;
}
