using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// How often a customer did what, by kind and Shanghai day, for the last <see cref="Days"/> days. Written compactly:
/// <c>{"oa.message.text":[739930,3,1,1]}</c> is pairs of day and count, ascending; the first day by its number, each
/// other by its distance from the one before.
/// </summary>
[JsonConverter(typeof(ActivityConverter))]
public sealed class Activity
{
    public const int Days = 30;

    private readonly SortedDictionary<string, int[]> pairs;

    internal Activity(SortedDictionary<string, int[]> pairs) => this.pairs = pairs;

    public static Activity None { get; } = new(new(StringComparer.Ordinal));

    internal IReadOnlyDictionary<string, int[]> Pairs => pairs;

    /// <summary>One more of a kind on a day; days more than <see cref="Days"/> before the latest fall out.</summary>
    public Activity Add(string kind, DateOnly day)
    {
        var latest = pairs.Values.Select(p => p[^2]).Append(day.DayNumber).Max();
        var next = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (known, days) in pairs)
            if (Keep(days, latest) is { Length: > 0 } kept) next[known] = kept;
        if (day.DayNumber > latest - Days) next[kind] = Increment(next.GetValueOrDefault(kind, []), day.DayNumber);
        return new Activity(next);
    }

    /// <summary>How many of the chosen kinds from one day to another, both inclusive.</summary>
    public long Count(Func<string, bool> kind, DateOnly first, DateOnly last)
    {
        var count = 0L;
        foreach (var (known, days) in pairs)
        {
            if (!kind(known)) continue;
            for (var i = 0; i < days.Length; i += 2)
                if (days[i] >= first.DayNumber && days[i] <= last.DayNumber) count += days[i + 1];
        }

        return count;
    }

    private static int[] Keep(int[] days, int latest)
    {
        var from = 0;
        while (from < days.Length && days[from] <= latest - Days) from += 2;
        return from == 0 ? days : days[from..];
    }

    private static int[] Increment(int[] days, int day)
    {
        var at = 0;
        while (at < days.Length && days[at] < day) at += 2;
        if (at < days.Length && days[at] == day)
        {
            var counted = (int[])days.Clone();
            counted[at + 1]++;
            return counted;
        }

        return [.. days[..at], day, 1, .. days[at..]];
    }
}

public sealed class ActivityConverter : JsonConverter<Activity>
{
    public override Activity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var pairs = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Expected an object of arrays.");
        var numbers = new List<int>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var kind = reader.GetString()!;
            numbers.Clear();
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new JsonException("Expected an array.");
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                numbers.Add(reader.GetInt32() + (numbers.Count > 0 && numbers.Count % 2 == 0 ? numbers[^2] : 0));
            if (reader.TokenType != JsonTokenType.EndArray || numbers.Count % 2 != 0) throw new JsonException("Expected pairs of day and count.");
            if (numbers.Count > 0) pairs[kind] = [.. numbers];
        }

        return new Activity(pairs);
    }

    public override void Write(Utf8JsonWriter writer, Activity value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (kind, days) in value.Pairs)
        {
            writer.WriteStartArray(kind);
            for (var i = 0; i < days.Length; i++)
                writer.WriteNumberValue(i > 0 && i % 2 == 0 ? days[i] - days[i - 2] : days[i]);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
