using System.Text.RegularExpressions;

namespace CrmServerless.Crm.Rules;

/// <summary>A rule's condition made ready: words folded, the expression compiled, times parsed.</summary>
public sealed class RuleMatcher
{
    /// <summary>
    /// A slower expression counts as no match. All expressions take linear time, a usual one some microseconds; but one
    /// of nested repetitions has too many states to be quick. The limit is that long because it runs on the wall clock:
    /// a machine that is held up for a moment must not cost a customer his answer.
    /// </summary>
    public static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(1);

    private const double EarthKm = 6371.0;

    private readonly RuleCondition when;
    private readonly string[]? any, all, none, exact;
    private readonly Regex? regex;
    private readonly TimeOnly from, to;

    /// <exception cref="ArgumentException">The expression or a time cannot be read; the message says where and why.</exception>
    public RuleMatcher(RuleCondition when)
    {
        this.when = when;
        any = Fold(when.Text?.Any);
        all = Fold(when.Text?.All);
        none = Fold(when.Text?.None);
        exact = Fold(when.Text?.Exact);
        if (when.Text?.Regex is { } pattern) regex = Compile(pattern);
        if (when.TimeOfDay is { } time) (from, to) = (ParseTime(time.From, "from"), ParseTime(time.To, "to"));
    }

    public bool Matches(RuleInput input) =>
        In(when.Accounts, input.Account)
        && Wild(when.Kinds, input.Event.Kind)
        && MatchesText(input)
        && In(when.MenuKeys, input.Event.MenuKey)
        && Wild(when.Scenes, input.Event.Scene ?? input.Event.State)
        && Wild(when.States, input.Event.State)
        && MatchesArea(input)
        && MatchesTags(input)
        && In(when.Stages, input.Customer?.Stage)
        && MatchesCount(input)
        && (when.FirstTime is not { } first || input.Customer is { } c && (c.Counters.GetValueOrDefault(input.Event.Kind) == 1) == first)
        && MatchesTime(input.OccurredAt);

    /// <summary>True if the value is one of the patterns, where <c>*</c> at the end stands for any rest.</summary>
    public static bool Wild(IReadOnlyList<string>? patterns, string? value)
    {
        if (patterns is null) return true;
        if (value is null) return false;
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*') ? value.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
                : string.Equals(pattern, value, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static bool In(IReadOnlyList<string>? values, string? value) =>
        values is null || (value is not null && values.Contains(value, StringComparer.Ordinal));

    private bool MatchesText(RuleInput input)
    {
        if (when.Text is null) return true;
        if (input.Text is not { } text) return false;
        return (any is null || Array.Exists(any, text.Contains))
            && (all is null || Array.TrueForAll(all, text.Contains))
            && (none is null || !Array.Exists(none, text.Contains))
            && (exact is null || (text.Folded.Length > 0 && exact.Contains(text.Folded, StringComparer.Ordinal)))
            && (regex is null || Matches(regex, text.Original));
    }

    private static bool Matches(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false; // by rule: too slow counts as no match, so that one expression cannot hold up a lane
        }
    }

    private bool MatchesArea(RuleInput input)
    {
        if (when.Within is not { } area) return true;
        if (input.Event.Location is not { } point) return false;
        var (lat1, lat2) = (double.DegreesToRadians(area.Latitude), double.DegreesToRadians(point.Latitude));
        var dLat = lat2 - lat1;
        var dLon = double.DegreesToRadians(point.Longitude - area.Longitude);
        var a = (Math.Sin(dLat / 2) * Math.Sin(dLat / 2)) + (Math.Cos(lat1) * Math.Cos(lat2) * Math.Sin(dLon / 2) * Math.Sin(dLon / 2));
        return 2 * EarthKm * Math.Asin(Math.Min(1, Math.Sqrt(a))) <= area.Km;
    }

    private bool MatchesTags(RuleInput input)
    {
        if (when.Tags is null) return true;
        var tags = input.Customer?.Tags ?? [];
        return (when.Tags.All is null || when.Tags.All.All(t => tags.Contains(t, StringComparer.Ordinal)))
            && (when.Tags.None is null || !when.Tags.None.Any(t => tags.Contains(t, StringComparer.Ordinal)));
    }

    private bool MatchesCount(RuleInput input)
    {
        if (when.Count is not { } count) return true;
        var last = Shanghai.Day(input.OccurredAt);
        return input.Customer is { } customer
            && customer.Activity.Count(kind => Wild(count.Kinds, kind), last.AddDays(1 - count.Days), last) >= count.AtLeast;
    }

    private bool MatchesTime(DateTimeOffset at)
    {
        if (when.TimeOfDay is null && when.Dates is null) return true;
        var local = at.ToOffset(Shanghai.Offset);
        if (when.Dates is { } dates)
        {
            var day = DateOnly.FromDateTime(local.DateTime);
            if (day < (dates.From ?? DateOnly.MinValue) || day > (dates.To ?? DateOnly.MaxValue)) return false;
        }

        return when.TimeOfDay is null || TimeOnly.FromDateTime(local.DateTime).IsBetween(from, to);
    }

    private static string[]? Fold(IReadOnlyList<string>? words) => words?.Select(FoldedText.Word).ToArray();

    private static Regex Compile(string pattern)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexLimit);
            // The engine itself is compiled at its first use; that belongs here and not to the first customer.
            Matches(regex, "");
            return regex;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"when.text.regex: {e.Message}", e);
        }
    }

    private static TimeOnly ParseTime(string text, string where) =>
        TimeOnly.TryParseExact(text, "HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var time)
            ? time
            : throw new ArgumentException($"when.timeOfDay.{where}: expected HH:mm.");
}
