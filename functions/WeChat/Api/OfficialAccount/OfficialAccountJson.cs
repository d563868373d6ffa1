using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>The shapes of the Official Account API. Use <see cref="Types"/>: the generated default escapes what WeChat refuses.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CustomSendRequest))]
[JsonSerializable(typeof(UserInfo))]
internal sealed partial class OfficialAccountJson : JsonSerializerContext
{
    public static OfficialAccountJson Types => types ??= new(WeChatJson.WithRawStrings(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static OfficialAccountJson? types;
}
