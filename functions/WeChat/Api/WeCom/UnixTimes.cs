using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Times in requests: Unix seconds on the wire.</summary>
internal sealed class UnixSeconds : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeSeconds());
}

/// <summary>Days in requests: on the wire the Unix second at which they begin in China, to which WeCom would round down anyway.</summary>
internal sealed class ChinaDays : JsonConverter<DateOnly>
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64()).ToOffset(China).DateTime);

    public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(new DateTimeOffset(value, TimeOnly.MinValue, China).ToUnixTimeSeconds());
}
