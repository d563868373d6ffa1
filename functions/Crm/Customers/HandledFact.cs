using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Customers;

/// <summary>A fact that was committed to a customer. Written as <c>"{id} {unix ms, hex}"</c>: a hundred of them stay under 5 KB.</summary>
[JsonConverter(typeof(HandledFactConverter))]
public readonly record struct HandledFact(string Id, DateTimeOffset OccurredAt)
{
    /// <summary>How many a customer remembers; older ones are recognised by their timeline entry.</summary>
    public const int Kept = 100;
}

public sealed class HandledFactConverter : JsonConverter<HandledFact>
{
    public override HandledFact Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        var space = text.LastIndexOf(' ');
        if (space < 0 || !long.TryParse(text.AsSpan(space + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ms))
            throw new JsonException("Expected an id, a space and a time.");
        return new HandledFact(text[..space], DateTimeOffset.FromUnixTimeMilliseconds(ms));
    }

    public override void Write(Utf8JsonWriter writer, HandledFact value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Id} {value.OccurredAt.ToUnixTimeMilliseconds():x}"));
}
