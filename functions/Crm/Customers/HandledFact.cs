using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// A fact that was committed to a customer: a mark of its id and its time. Written as <c>"{mark} {unix ms, hex}"</c>:
/// a hundred of them are 3 KB, where whole ids (those of answers are long) would be five.
/// </summary>
/// <param name="Mark">80 bits of the hash of the id: enough to tell a hundred facts apart.</param>
/// <param name="OccurredAt">When it happened.</param>
[JsonConverter(typeof(HandledFactConverter))]
public readonly record struct HandledFact(string Mark, DateTimeOffset OccurredAt)
{
    /// <summary>How many a customer remembers; older ones are recognised by their timeline entry.</summary>
    public const int Kept = 100;

    private const int MarkLength = 16;

    public static HandledFact Of(Envelope fact) => new(Ids.Hash(fact.Id)[..MarkLength], fact.OccurredAt);

    /// <summary>The list with one fact more, and the greatest time that ever fell out of it.</summary>
    public static (IReadOnlyList<HandledFact> Handled, DateTimeOffset? UpTo) Push(IReadOnlyList<HandledFact> known, DateTimeOffset? upTo, Envelope fact)
    {
        var handled = new List<HandledFact>(known) { Of(fact) };
        if (handled.Count <= Kept) return (handled, upTo);
        var dropped = handled[0];
        handled.RemoveAt(0);
        return (handled, upTo > dropped.OccurredAt ? upTo : dropped.OccurredAt);
    }
}

public sealed class HandledFactConverter : JsonConverter<HandledFact>
{
    public override HandledFact Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        var space = text.LastIndexOf(' ');
        if (space < 0 || !long.TryParse(text.AsSpan(space + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ms))
            throw new JsonException("Expected a mark, a space and a time.");
        return new HandledFact(text[..space], DateTimeOffset.FromUnixTimeMilliseconds(ms));
    }

    public override void Write(Utf8JsonWriter writer, HandledFact value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Mark} {value.OccurredAt.ToUnixTimeMilliseconds():x}"));
}
