using System.Globalization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Crm.Alerts;

/// <summary>From hits to one alert. Pure.</summary>
public static class AlertRules
{
    private const int ContextLength = 20;

    /// <summary>A message that hits more words than this is shown by its text.</summary>
    private const int MaxContexts = 20;

    /// <summary>The id of the one alert that a message can raise.</summary>
    public static string Id(Envelope fact) =>
        Keys.Escape(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, fact.OccurredAt.ToUnixTimeMilliseconds()):D14}~{fact.Id}"));

    /// <summary>The alert of a message; null if no word hits.</summary>
    public static Alert? Decide(Envelope fact, RuleInput input, WordList words, string defaultOwner, DateTimeOffset now)
    {
        var hits = words.Find(input);
        if (hits.Count == 0) return null;
        var gravest = hits[0];
        var minutes = hits.Min(h => h.Action.EscalateAfterMinutes);
        return new Alert
        {
            Id = Id(fact),
            Account = fact.Account, Customer = fact.Key, Side = WordList.SideOf(input.Event.Kind),
            Level = gravest.Action.Level, Category = gravest.Action.Category, Owner = gravest.Action.Owner ?? defaultOwner,
            Words = [.. hits.Select(h => h.Word).Distinct(StringComparer.Ordinal)],
            Text = input.Event.Text!, Context = [.. hits.DistinctBy(h => h.Word).Take(MaxContexts).Select(h => Around(input.Event.Text!, h))],
            RuleId = gravest.Rule.Id, RuleVersion = gravest.Rule.Version,
            OccurredAt = fact.OccurredAt, RaisedAt = now, DueAt = minutes is { } m ? now.AddMinutes(m) : null,
        };
    }

    public static AlertFact Describe(this Alert alert, string? by = null) =>
        new(alert.Id, alert.Level, alert.Category, alert.Owner, alert.Words, alert.RuleId, alert.RuleVersion, by);

    private static AlertContext Around(string text, WordHit hit)
    {
        var (start, length) = hit.Where.GetOffsetAndLength(text.Length);
        var (end, from) = (start + length, Math.Max(0, start - ContextLength));
        var to = Math.Min(text.Length, end + ContextLength);
        // Never between the halves of an emoji.
        if (from > 0 && char.IsLowSurrogate(text[from])) from++;
        if (to < text.Length && char.IsLowSurrogate(text[to])) to--;
        return new AlertContext(hit.Word, text[from..start], text[start..end], text[end..to]);
    }
}
