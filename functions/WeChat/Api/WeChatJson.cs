using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api;

/// <summary>The JSON of the server API.</summary>
internal static class WeChatJson
{
    /// <summary>The shapes, with the strings that WeChat needs.</summary>
    public static readonly WeChatJsonContext Types = new(new JsonSerializerOptions(WeChatJsonContext.Default.Options) { Converters = { new RawStrings() } });

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
