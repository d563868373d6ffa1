using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>The shapes of WeCom's API. Use <see cref="Types"/>: the generated default escapes what WeChat refuses.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExternalContactList))]
internal sealed partial class WeComJson : JsonSerializerContext
{
    public static WeComJson Types => types ??= new(WeChatJson.WithRawStrings(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static WeComJson? types;
}
