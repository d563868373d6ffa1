using System.Text.Json;
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
[JsonSerializable(typeof(UserInfo))]
[JsonSerializable(typeof(UserInfoList))]
[JsonSerializable(typeof(OpenidPage))]
[JsonSerializable(typeof(BatchGetRequest))]
[JsonSerializable(typeof(RemarkRequest))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(TagIds))]
[JsonSerializable(typeof(TagAnswer))]
[JsonSerializable(typeof(TagRequest))]
[JsonSerializable(typeof(TaggingRequest))]
[JsonSerializable(typeof(OpenidRequest))]
[JsonSerializable(typeof(TagFansRequest))]
[JsonSerializable(typeof(BlacklistRequest))]
[JsonSerializable(typeof(GetBlacklistRequest))]
[JsonSerializable(typeof(CustomSendRequest))]
[JsonSerializable(typeof(TypingRequest))]
[JsonSerializable(typeof(TemplateMessage))]
[JsonSerializable(typeof(TemplateSent))]
[JsonSerializable(typeof(SubscribeMessage))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(VideoAnswer))]
[JsonSerializable(typeof(Menus))]
[JsonSerializable(typeof(MenuRequest))]
[JsonSerializable(typeof(MenuIdRequest))]
[JsonSerializable(typeof(MenuUserRequest))]
[JsonSerializable(typeof(MenuIdAnswer))]
[JsonSerializable(typeof(QrCode))]
[JsonSerializable(typeof(QrTicket))]
[JsonSerializable(typeof(KfList))]
[JsonSerializable(typeof(OnlineKfList))]
[JsonSerializable(typeof(KfSession))]
[JsonSerializable(typeof(KfSessionList))]
[JsonSerializable(typeof(KfWaiting))]
[JsonSerializable(typeof(KfAccountRequest))]
[JsonSerializable(typeof(KfSessionRequest))]
[JsonSerializable(typeof(ServiceRecordPage))]
[JsonSerializable(typeof(ServiceRecordRequest))]
[JsonSerializable(typeof(DatacubeRequest))]
[JsonSerializable(typeof(DatacubeList<UserSummary>))]
[JsonSerializable(typeof(DatacubeList<UserCumulate>))]
[JsonSerializable(typeof(DatacubeList<UpstreamMessages>))]
[JsonSerializable(typeof(DatacubeList<UpstreamDistribution>))]
[JsonSerializable(typeof(DatacubeList<InterfaceSummary>))]
[JsonSerializable(typeof(ApiQuota))]
[JsonSerializable(typeof(RidAnswer))]
[JsonSerializable(typeof(AppIdRequest))]
[JsonSerializable(typeof(QuotaRequest))]
[JsonSerializable(typeof(RidRequest))]
[JsonSerializable(typeof(IpList))]
internal sealed partial class OfficialAccountJson : JsonSerializerContext
{
    public static OfficialAccountJson Types => types ??= new(
        new JsonSerializerOptions(WeChatJson.WithRawStrings(Default!.Options)) { Converters = { new LenientInt32(), new LenientInt64() } });

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static OfficialAccountJson? types;
}
