using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api;

/// <summary>The shapes on the wire. Use <see cref="WeChatJson.Types"/>: the generated default escapes what WeChat refuses.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(CustomSendRequest))]
[JsonSerializable(typeof(UserInfoBody))]
internal sealed partial class WeChatJsonContext : JsonSerializerContext;

internal sealed record StatusBody(int? Errcode, string? Errmsg);

internal sealed record TokenRequest(string GrantType, string Appid, string Secret);

internal sealed record TokenBody(string? AccessToken, int ExpiresIn);

internal sealed record CustomSendRequest(string Touser, string Msgtype, CustomSendText? Text, CustomSendNews? News);

internal sealed record CustomSendText(string Content);

internal sealed record CustomSendNews(CustomSendArticle[] Articles);

internal sealed record CustomSendArticle(string Title, string Description, string Url, string Picurl);

internal sealed record UserInfoBody(
    int Subscribe,
    string? Openid,
    string? Unionid,
    string? Remark,
    int[]? TagidList,
    long SubscribeTime,
    string? SubscribeScene,
    long QrScene,
    string? QrSceneStr,
    string? Language);
