namespace CrmServerless.Load;

/// <summary>The figures of a soak, for people.</summary>
internal static class SoakTable
{
    public static void Print(
        SoakOptions options, Platform platform, Reaper reaper, HostProcess host, Person[] people, Findings findings, TimeSpan sending, TimeSpan settling)
    {
        var sent = people.SelectMany(p => p.Sent).ToList();
        var unheard = sent.Count(s => !s.Acknowledged);
        var silence = platform.Statuses.GetValueOrDefault(0);
        var errors = platform.Statuses.Where(s => s.Key is not (0 or 200)).Select(s => $"{s.Value} x {s.Key}").ToList();
        Console.WriteLine(
            $"""
            soak: {options.Callbacks} callbacks of {options.Customers} customers by {options.Senders} senders, bus faults {options.BusFaults:P0}, spill faults {options.SpillFaults:P0}, seed {options.Seed}
              sent            {sent.Count} callbacks in {platform.Statuses.Values.Sum()} deliveries: {platform.Retries} retries, {platform.Repeats} sent again although answered
              heard           {platform.Statuses.GetValueOrDefault(200)} x 200, {silence} x nothing{string.Concat(errors.Select(e => ", " + e))}
              acknowledged    {sent.Count - unheard}, of them {sent.Count(s => s.Heard > 1)} more than once; unheard {unheard}, of them taken {findings["unheard but taken"]}
              {(options.Gentle ? $"stopped         {reaper.Kills} times by SIGTERM, at most {reaper.LongestStop.TotalSeconds:0.0} s each" : $"killed          {reaper.Kills} times by SIGKILL")}; host started {host.Starts} times
              effects         {findings["events/byKind/"]} events counted, {findings["timeline"]} timeline entries, {findings["tags/given/"]} tags, {findings["alerts/raised"]} alerts
              answers         {findings["replies/sent"]} sent, {findings["replies/skipped"]} skipped, {findings["replies/refused"]} refused, {findings["replies/unknown"]} unknown, {findings["answers expired"]} expired; {findings["messages on phones"]} messages on phones
              lost            {findings.Lost.Count}
              doubled         {findings.Doubled.Count}
              other faults    {findings.Wrong.Count}
              took            {sending.TotalSeconds:0} s sending, {settling.TotalSeconds:0} s until everything was worked off
            """);
    }
}
