using System.Globalization;

namespace CrmServerless.Load;

/// <summary>CPU time of a process by the names of its threads: who did the work.</summary>
internal sealed class ThreadCosts
{
    private const double SecondsATick = 0.01;

    private readonly Dictionary<string, double> _seconds;

    private ThreadCosts(Dictionary<string, double> seconds) => _seconds = seconds;

    public static ThreadCosts Of(int pid)
    {
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var task in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(task, "stat"));
            }
            catch (IOException)
            {
                continue; // The thread has ended.
            }

            // The name in brackets may hold spaces; utime and stime are fields 11 and 12 after it.
            var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            seconds[name] = seconds.GetValueOrDefault(name) + (ticks * SecondsATick);
        }

        return new ThreadCosts(seconds);
    }

    /// <summary>Microseconds an event since an earlier reading, the dearest first; what is below 1 % is left out.</summary>
    public string Since(ThreadCosts before, long events)
    {
        var costs = _seconds.Select(pair => (Name: pair.Key, Spent: pair.Value - before._seconds.GetValueOrDefault(pair.Key))).ToList();
        var total = costs.Sum(cost => cost.Spent);
        var parts = costs.Where(cost => cost.Spent > total / 100).OrderByDescending(cost => cost.Spent)
            .Select(cost => $"{cost.Name} {cost.Spent * 1e6 / events:0.0}");
        return $"{total * 1e6 / events:0.0} µs CPU: {string.Join(", ", parts)}";
    }
}
