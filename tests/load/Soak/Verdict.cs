namespace CrmServerless.Load;

/// <summary>Compares all that was sent with all that the CRM has.</summary>
internal static class Verdict
{
    private const int Readers = 4;
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    /// <param name="witness">What the host says.</param>
    /// <param name="people">Whose callbacks were sent.</param>
    /// <param name="inOrder">Whether nothing may have overtaken anything.</param>
    /// <param name="alone">Whether nobody else wrote, so that alerts and reports tell of these people only.</param>
    public static async Task<Findings> Reach(Witness witness, IReadOnlyList<Person> people, bool inOrder, bool alone = true)
    {
        var findings = new Findings();
        var alarms = (await witness.Alerts()).ToLookup(a => a.Customer, StringComparer.Ordinal);
        await Parallel.ForEachAsync(people.Where(p => p.Sent.Count > 0), new ParallelOptions { MaxDegreeOfParallelism = Readers }, async (person, _) =>
        {
            var (card, timeline, phone) = (await witness.Customer(person), await witness.Timeline(person), await witness.Phone(person));
            lock (findings)
            {
                if (card is not null)
                {
                    var taken = new PersonCheck(person, card, timeline, alarms[person.Key].ToLookup(a => a.Second), inOrder, findings).Run();
                    AnswerCheck.Run(person, taken, timeline, phone, inOrder, findings);
                }
                else if (person.Sent.Any(s => s.Acknowledged))
                {
                    findings.Lost.Add($"customer {person.OpenId} has no file");
                }
            }
        });
        if (await witness.Dead() is var dead and > 0)
            findings.Wrong.Add($"{dead} dead letters");
        if (!alone)
            return findings;
        foreach (var stranger in alarms.Select(a => a.Key).Except(people.Select(p => p.Key)))
            findings.Doubled.Add($"alerts: one of {stranger}, for whom nothing was sent");
        await CompareReports(witness, people, findings);
        return findings;
    }

    /// <summary>The rows of statistics: every day's report, added up, against the customers' files.</summary>
    private static async Task CompareReports(Witness witness, IReadOnlyList<Person> people, Findings findings)
    {
        var seconds = people.SelectMany(p => p.Sent).Select(s => s.Second).Append(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).ToList();
        if (seconds.Count == 0)
            return;
        var sums = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var day = Day(seconds.Min()); day <= Day(seconds.Max()); day = day.AddDays(1))
            foreach (var (name, number) in await witness.Report(day))
                sums[name] = sums.GetValueOrDefault(name) + number;
        foreach (var group in new[] { "events/byKind/", "tags/given/" })
            findings.Compare("report", findings.Counted(group).ToDictionary(StringComparer.Ordinal), sums.Where(s => s.Key.StartsWith(group, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal));
        foreach (var name in new[] { "replies/sent", "replies/skipped", "replies/refused", "replies/unknown", "alerts/raised" })
            findings.Compare("report " + name, findings[name], sums[name]);
        findings.Compare("report events/total", findings["events/byKind/"], sums["events/total"]);
    }

    private static DateOnly Day(long second) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(second).ToOffset(Shanghai).DateTime);
}
