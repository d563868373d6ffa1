using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>
/// How WeCom's answers are read: its pages show numbers as strings, ids with blanks around them, lists that are missing or null.
/// Only what a record requires must be there.
/// </summary>
internal static class Lenient
{
    public static readonly JsonConverter[] Converters = [new Trimmed(), new TrimmedList(), new Ints(), new Longs(), new Doubles(), new Bools()];

    /// <summary>Null is as good as missing, but for what is required.</summary>
    public static void AllowNulls(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        foreach (var property in type.Properties)
            if (!property.IsRequired && !property.PropertyType.IsValueType) property.IsSetNullable = true;
    }

    private static double Number(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null or JsonTokenType.False => 0,
        JsonTokenType.True => 1,
        JsonTokenType.String when string.IsNullOrWhiteSpace(reader.GetString()) => 0,
        JsonTokenType.String when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        JsonTokenType.Number => reader.GetDouble(),
        _ => throw new JsonException("Not a number."),
    };

    private static long Whole(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole)) return whole;
        if (reader.TokenType == JsonTokenType.String && long.TryParse(reader.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out whole)) return whole;
        // 1.0 is a whole number too; what a double cannot hold is none of WeCom's.
        return Number(ref reader) is var number and > -9e15 and < 9e15 ? (long)number : throw new JsonException("Not a whole number.");
    }

    private sealed class Ints : JsonConverter<int>
    {
        public override bool HandleNull => true;

        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Whole(ref reader) is var number and >= int.MinValue and <= int.MaxValue ? (int)number : throw new JsonException("Not a 32 bit number.");

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    private sealed class Longs : JsonConverter<long>
    {
        public override bool HandleNull => true;

        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Whole(ref reader);

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    private sealed class Doubles : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Number(ref reader);

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    private sealed class Bools : JsonConverter<bool>
    {
        public override bool HandleNull => true;

        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && bool.TryParse(reader.GetString(), out var value) ? value : Number(ref reader) != 0;

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }

    private sealed class TrimmedList : JsonConverter<IReadOnlyList<string>>
    {
        public override bool HandleNull => true;

        public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Null) return [];
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("Not a list.");
            var items = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                if (reader.GetString()?.Trim() is { Length: > 0 } text) items.Add(text);
            return items;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var text in value) RawStrings.Write(writer, text);
            writer.WriteEndArray();
        }
    }
}

/// <summary>Ids in one string, with bars between them; a list where WeCom should send one.</summary>
internal sealed class Barred : JsonConverter<IReadOnlyList<string>>
{
    public override bool HandleNull => true;

    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => [],
        JsonTokenType.String => reader.GetString()!.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        _ => JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<IReadOnlyList<string>>)options.GetTypeInfo(typeof(IReadOnlyList<string>))) ?? [],
    };

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) =>
        RawStrings.Write(writer, string.Join('|', value));
}
