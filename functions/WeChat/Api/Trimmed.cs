using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api;

/// <summary>A text that WeChat sometimes sends with blanks around it (a unionid in its own samples) or empty where it means none: null then.</summary>
internal sealed class Trimmed : JsonConverter<string>
{
    public override bool HandleNull => true;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : reader.GetString()?.Trim() is { Length: > 0 } text ? text : null;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (value is null) writer.WriteNullValue();
        else RawStrings.Write(writer, value);
    }
}
