namespace CrmServerless.Load;

/// <summary>One customer: what was sent for him against what the CRM has of him.</summary>
/// <param name="person">What was sent.</param>
/// <param name="card">His file.</param>
/// <param name="timeline">His timeline.</param>
/// <param name="alarms">The times of his alerts.</param>
/// <param name="inOrder">Whether nothing may have overtaken anything; with a failing bus the spill delivers late.</param>
/// <param name="findings">What is found.</param>
internal sealed class PersonCheck(Person person, Card card, IReadOnlyList<Entry> timeline, ILookup<long, Alarm> alarms, bool inOrder, Findings findings)
{
    private readonly List<(Callback Sent, Entry Entry)> _taken = [];

    /// <summary>The callbacks that the CRM took, in the order of sending.</summary>
    public IReadOnlyList<(Callback Sent, Entry Entry)> Run()
    {
        Callbacks();
        Counters();
        Order();
        Tags();
        Following();
        Alerts();
        return _taken;
    }

    private void Callbacks()
    {
        var byTime = timeline.Where(e => e.IsCallback).ToLookup(e => e.Second);
        foreach (var sent in person.Sent)
        {
            switch (byTime[sent.Second].ToList())
            {
                case []:
                    if (sent.Acknowledged)
                        findings.Lost.Add($"timeline: {sent}");
                    break;
                case [var entry]:
                    _taken.Add((sent, entry));
                    if (entry.Kind != sent.Act.Kind || entry.Text != sent.Act.Text)
                        findings.Wrong.Add($"timeline: {sent} is there as {entry.Kind} \"{entry.Text}\"");
                    if (!sent.Acknowledged)
                        findings.Count("unheard but taken");
                    break;
                case var many:
                    findings.Doubled.Add($"timeline: {sent} is there {many.Count} times");
                    break;
            }
        }

        var times = person.Sent.Select(s => s.Second).ToHashSet();
        foreach (var entry in timeline.Where(e => e.IsCallback && !times.Contains(e.Second)))
            findings.Doubled.Add($"timeline: nothing was sent for {entry.Kind} of {person.OpenId} at {entry.Second}");
        findings.Count("timeline", timeline.Count);
    }

    private void Counters()
    {
        var kinds = _taken.CountBy(t => t.Sent.Act.Kind).ToDictionary(StringComparer.Ordinal);
        findings.Compare($"counters of {person.OpenId}:", kinds, card.In);
        foreach (var (kind, count) in kinds)
            findings.Count($"events/byKind/{kind}", count);
        var outcomes = timeline.Where(e => e.IsReply).CountBy(e => e.Kind["reply.".Length..]).ToDictionary(StringComparer.Ordinal);
        findings.Compare($"answer counters of {person.OpenId}:", outcomes, card.Out);
    }

    // A callback is sent when the one before was heard, so it cannot have been received before it.
    private void Order()
    {
        if (!inOrder)
            return;
        var heard = _taken.Where(t => t.Sent.Acknowledged).ToList();
        foreach (var (before, after) in heard.Zip(heard.Skip(1)))
            if (after.Entry.PublishedAt < before.Entry.PublishedAt)
                findings.Wrong.Add($"order: {after.Sent} was received before {before.Sent}");
    }

    private void Tags()
    {
        // The first that gives a tag gives it; a tag is given once.
        var due = _taken.Where(t => t.Sent.Act.Tag is not null).GroupBy(t => t.Sent.Act.Tag!).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        if (_taken.Where(t => t.Sent.Act.IsMessage).Skip(Act.ChattyFrom - 1).FirstOrDefault() is { Sent: not null } third)
            due[Act.ChattyTag] = third;
        var once = due.Keys.ToDictionary(tag => tag, _ => 1, StringComparer.Ordinal);
        findings.Compare($"tags of {person.OpenId}:", once, card.Tags.CountBy(t => t.Name).ToDictionary(StringComparer.Ordinal));
        var tagged = timeline.Where(e => e.Kind == "customer.tagged").ToList();
        findings.Compare($"customer.tagged of {person.OpenId}:", once, tagged.CountBy(e => e.Tag!).ToDictionary(StringComparer.Ordinal));
        foreach (var (tag, _) in once)
            findings.Count($"tags/given/{tag}");
        if (!inOrder)
            return;
        foreach (var (tag, first) in due)
            if (card.Tags.Any(t => t.Name == tag && t.Second != first.Sent.Second) || tagged.Any(e => e.Tag == tag && e.Root != first.Entry.Id))
                findings.Wrong.Add($"order: {person.OpenId} got {tag} from another event than the first that gives it, {first.Sent}");
    }

    // Whatever a customer does but leave, only a follower can do.
    private void Following()
    {
        if (_taken.Count == 0)
            return;
        var follows = !_taken[^1].Sent.Act.IsUnfollow;
        long? followed = Last(act => act.IsFollow), left = Last(act => act.IsUnfollow);
        if ((card.Subscribed, card.SubscribedAt, card.UnsubscribedAt) != (follows, followed, left))
        {
            findings.Wrong.Add($"{person.OpenId}: subscribed {card.Subscribed}, {card.SubscribedAt}, {card.UnsubscribedAt} instead of {follows}, {followed}, {left}");
        }

        long? Last(Func<Act, bool> which) => _taken.LastOrDefault(t => which(t.Sent.Act)).Sent?.Second;
    }

    private void Alerts()
    {
        foreach (var (sent, _) in _taken.Where(t => t.Sent.Act.Alerts || alarms.Contains(t.Sent.Second)))
            findings.Compare($"alerts: {sent}", sent.Act.Alerts ? 1 : 0, alarms[sent.Second].Count());
        foreach (var alarm in alarms.Where(a => _taken.TrueForAll(t => t.Sent.Second != a.Key)))
            findings.Doubled.Add($"alerts: nothing caused the alert of {person.OpenId} at {alarm.Key}");
        findings.Count("alerts/raised", alarms.Sum(a => a.Count()));
    }
}
