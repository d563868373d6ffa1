using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api;

/// <summary>The JSON of the server APIs.</summary>
internal static class WeChatJson
{
    /// <summary>The shapes that both APIs share, with the strings that WeChat needs.</summary>
    public static readonly WeChatJsonContext Types = new(WithRawStrings(WeChatJsonContext.Default.Options));

    /// <summary>The same options, strings written as WeChat takes them: the generated default escapes what it refuses.</summary>
    public static JsonSerializerOptions WithRawStrings(JsonSerializerOptions options) => new(options) { Converters = { new RawStrings() } };

    /// <summary>The value, or null when the body is not the JSON that it should be.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
