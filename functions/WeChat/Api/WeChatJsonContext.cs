using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api;

/// <summary>What both APIs share on the wire. Use <see cref="WeChatJson.Types"/>.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenBody))]
internal sealed partial class WeChatJsonContext : JsonSerializerContext;

internal sealed record StatusBody(int? Errcode, string? Errmsg);

internal sealed record TokenRequest(string GrantType, string Appid, string Secret, bool? ForceRefresh = null) : WireRecord;

internal sealed record TokenBody(string? AccessToken, int ExpiresIn) : WireRecord;
