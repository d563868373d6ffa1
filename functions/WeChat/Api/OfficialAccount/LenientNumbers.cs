using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// Numbers as WeChat sends them: <c>1380000000</c>, <c>"1380000000"</c>, <c>" 1"</c>, <c>1.0</c>, and <c>null</c> or
/// <c>""</c> where there is none, which is 0 then.
/// </summary>
internal sealed class LenientInt64 : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    public static long Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => 0,
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        JsonTokenType.Number when reader.TryGetDecimal(out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue => (long)number,
        JsonTokenType.String when Parse(reader.GetString()) is { } number => number,
        _ => throw new JsonException("Not a whole number."),
    };

    private static long? Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? 0
        : long.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}

/// <summary>The same for what fits 32 bits.</summary>
internal sealed class LenientInt32 : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LenientInt64.Read(ref reader) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw new JsonException("Over 32 bits.");

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>An id that one call sends as a text and the next as a number (menuid, kf_id): always a text; null when empty.</summary>
internal sealed class TextOrNumber : JsonConverter<string>
{
    public override bool HandleNull => true;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number => LenientInt64.Read(ref reader).ToString(CultureInfo.InvariantCulture),
        _ => reader.GetString()?.Trim() is { Length: > 0 } text ? text : null,
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (value is null) writer.WriteNullValue();
        else RawStrings.Write(writer, value);
    }
}
