namespace CrmServerless.Load;

/// <summary>
/// The answers to one customer. A message cannot be unsent, so his phone is what counts: for every answer that the CRM
/// says it sent there is one message, for one of which it does not know there is one or none, else there is none.
/// </summary>
internal static class AnswerCheck
{
    public static void Run(
        Person person, IReadOnlyList<(Callback Sent, Entry Entry)> taken, IReadOnlyList<Entry> timeline, IReadOnlyList<string> phone, bool inOrder, Findings findings)
    {
        var replies = timeline.Where(e => e.IsReply).ToLookup(e => e.Root);
        var wrote = false;
        foreach (var (sent, entry) in taken)
        {
            var found = replies[entry.Id].ToList();
            if (found.Count > (sent.Act.Rule is null ? 0 : 1))
                findings.Doubled.Add($"answers: {sent} has {found.Count} answers in the timeline: {string.Join(", ", found.Select(f => f.Kind))}");
            else if (found is [var answer] && answer.Rule != sent.Act.Rule)
                findings.Wrong.Add($"answers: {sent} was answered by {answer.Rule} instead of {sent.Act.Rule}");
            else if (found.Count == 0 && sent.Act.Rule is not null)
                Unanswered(sent);
            wrote |= sent.Act.IsMessage;
        }

        foreach (var reply in timeline.Where(e => e.IsReply))
            findings.Count("replies/" + reply.Kind["reply.".Length..]);
        var known = taken.Select(t => t.Entry.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var stray in replies.Where(r => !known.Contains(r.Key)))
            findings.Doubled.Add($"answers: nothing caused {stray.First().Kind} of {person.OpenId}");
        Phone(person, timeline, phone, findings);

        // After a follow, a click or a scan there is less than a minute, unless the customer has written before.
        void Unanswered(Callback sent)
        {
            if (sent.Act.Hurries && !(wrote && inOrder))
                findings.Count("answers expired");
            else
                findings.Lost.Add($"answers: {sent} has none, nor a reason");
        }
    }

    private static void Phone(Person person, IReadOnlyList<Entry> timeline, IReadOnlyList<string> phone, Findings findings)
    {
        var arrived = phone.CountBy(text => text).ToDictionary(StringComparer.Ordinal);
        var sent = Outcome("reply.sent");
        var unknown = Outcome("reply.unknown");
        foreach (var text in arrived.Keys.Union(sent.Keys))
        {
            var (messages, known, maybe) = (arrived.GetValueOrDefault(text), sent.GetValueOrDefault(text), unknown.GetValueOrDefault(text));
            if (messages < known)
                findings.Lost.Add($"phone of {person.OpenId}: \"{text}\" arrived {messages} times, the CRM says {known}");
            else if (messages > known + maybe)
                findings.Doubled.Add($"phone of {person.OpenId}: \"{text}\" arrived {messages} times, the CRM says {known} and perhaps {maybe}");
        }

        findings.Count("messages on phones", phone.Count);

        Dictionary<string, int> Outcome(string kind) => timeline.Where(e => e.Kind == kind).CountBy(e => e.Text ?? "").ToDictionary(StringComparer.Ordinal);
    }
}
