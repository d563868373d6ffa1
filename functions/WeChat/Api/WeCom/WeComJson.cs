using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>The shapes of WeCom's API. Use <see cref="Requests"/> and <see cref="Answer"/>: the generated default escapes what WeChat refuses.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AcquiredCustomersRequest))]
[JsonSerializable(typeof(AcquisitionChatKey))]
[JsonSerializable(typeof(AcquisitionLinkId))]
[JsonSerializable(typeof(AcquisitionListRequest))]
[JsonSerializable(typeof(AcquisitionStatisticRequest))]
[JsonSerializable(typeof(AddContactWayRequest))]
[JsonSerializable(typeof(AddCorpTagRequest))]
[JsonSerializable(typeof(AddMomentTaskRequest))]
[JsonSerializable(typeof(AddMsgTemplateRequest))]
[JsonSerializable(typeof(BatchGetByUserRequest))]
[JsonSerializable(typeof(BatchToExternalUseridRequest))]
[JsonSerializable(typeof(CloseTempChatRequest))]
[JsonSerializable(typeof(ContactWayId))]
[JsonSerializable(typeof(ConvertToOpenidRequest))]
[JsonSerializable(typeof(CorpTagsRequest))]
[JsonSerializable(typeof(CreateLinkRequest))]
[JsonSerializable(typeof(DelCorpTagRequest))]
[JsonSerializable(typeof(EditCorpTagRequest))]
[JsonSerializable(typeof(GroupChatGetRequest))]
[JsonSerializable(typeof(GroupChatListRequest))]
[JsonSerializable(typeof(GroupChatStatisticByDayRequest))]
[JsonSerializable(typeof(GroupChatStatisticRequest))]
[JsonSerializable(typeof(GroupChatTransferRequest))]
[JsonSerializable(typeof(GroupMsgId))]
[JsonSerializable(typeof(GroupMsgListRequest))]
[JsonSerializable(typeof(GroupMsgSendResultRequest))]
[JsonSerializable(typeof(GroupMsgTaskRequest))]
[JsonSerializable(typeof(KfAccountListRequest))]
[JsonSerializable(typeof(KfSendRequest))]
[JsonSerializable(typeof(KfServiceStateRequest))]
[JsonSerializable(typeof(KfServiceStateTransRequest))]
[JsonSerializable(typeof(KfSyncMsgRequest))]
[JsonSerializable(typeof(ListContactWayRequest))]
[JsonSerializable(typeof(MarkTagRequest))]
[JsonSerializable(typeof(MessageRecallRequest))]
[JsonSerializable(typeof(MessageSendRequest))]
[JsonSerializable(typeof(MomentCommentsRequest))]
[JsonSerializable(typeof(MomentCustomersRequest))]
[JsonSerializable(typeof(MomentListRequest))]
[JsonSerializable(typeof(MomentSendResultRequest))]
[JsonSerializable(typeof(MomentTaskRequest))]
[JsonSerializable(typeof(RemarkRequest))]
[JsonSerializable(typeof(ResignedTransferCustomerRequest))]
[JsonSerializable(typeof(SendWelcomeMsgRequest))]
[JsonSerializable(typeof(TransferCustomerRequest))]
[JsonSerializable(typeof(TransferResultRequest))]
[JsonSerializable(typeof(UnassignedListRequest))]
[JsonSerializable(typeof(UnionidRequest))]
[JsonSerializable(typeof(UpdateContactWayRequest))]
[JsonSerializable(typeof(UpdateLinkRequest))]
[JsonSerializable(typeof(UserBehaviorRequest))]
[JsonSerializable(typeof(AcquiredCustomers))]
[JsonSerializable(typeof(AcquisitionChat))]
[JsonSerializable(typeof(AcquisitionLinkDetail))]
[JsonSerializable(typeof(AcquisitionLinkList))]
[JsonSerializable(typeof(AcquisitionQuota))]
[JsonSerializable(typeof(AcquisitionStatistic))]
[JsonSerializable(typeof(AddedCorpTags))]
[JsonSerializable(typeof(AddedMsgTemplate))]
[JsonSerializable(typeof(Agent))]
[JsonSerializable(typeof(ContactWayDetail))]
[JsonSerializable(typeof(ContactWayList))]
[JsonSerializable(typeof(CorpTagList))]
[JsonSerializable(typeof(CreatedAcquisitionLink))]
[JsonSerializable(typeof(CustomerOfUnionid))]
[JsonSerializable(typeof(CustomerOpenid))]
[JsonSerializable(typeof(CustomerTransfer))]
[JsonSerializable(typeof(CustomerTransferResult))]
[JsonSerializable(typeof(CustomersOfMobiles))]
[JsonSerializable(typeof(DepartmentDetail))]
[JsonSerializable(typeof(DepartmentList))]
[JsonSerializable(typeof(DepartmentSimpleList))]
[JsonSerializable(typeof(ExternalContactBatch))]
[JsonSerializable(typeof(ExternalContactDetail))]
[JsonSerializable(typeof(ExternalContactList))]
[JsonSerializable(typeof(FollowUserList))]
[JsonSerializable(typeof(GroupChatDetail))]
[JsonSerializable(typeof(GroupChatList))]
[JsonSerializable(typeof(GroupChatStatistic))]
[JsonSerializable(typeof(GroupChatStatisticByDay))]
[JsonSerializable(typeof(GroupChatTransfer))]
[JsonSerializable(typeof(GroupMsgList))]
[JsonSerializable(typeof(GroupMsgSendResult))]
[JsonSerializable(typeof(GroupMsgTask))]
[JsonSerializable(typeof(IpList))]
[JsonSerializable(typeof(KfAccountList))]
[JsonSerializable(typeof(KfMessages))]
[JsonSerializable(typeof(KfSent))]
[JsonSerializable(typeof(KfServiceState))]
[JsonSerializable(typeof(KfServiceTransition))]
[JsonSerializable(typeof(MessageSend))]
[JsonSerializable(typeof(MomentComments))]
[JsonSerializable(typeof(MomentCustomers))]
[JsonSerializable(typeof(MomentJob))]
[JsonSerializable(typeof(MomentList))]
[JsonSerializable(typeof(MomentTask))]
[JsonSerializable(typeof(MomentTaskResult))]
[JsonSerializable(typeof(NewContactWay))]
[JsonSerializable(typeof(StaffUser))]
[JsonSerializable(typeof(StaffUserList))]
[JsonSerializable(typeof(UnassignedList))]
[JsonSerializable(typeof(UploadedImage))]
[JsonSerializable(typeof(UploadedMedia))]
[JsonSerializable(typeof(UserBehaviorData))]
internal sealed partial class WeComJson : JsonSerializerContext
{
    private static readonly Lazy<JsonSerializerOptions> requests = new(() => new(Default!.Options)
    {
        Converters = { new RawStrings(), new UnixSeconds(), new ChinaDays() },
    });

    private static readonly Lazy<JsonSerializerOptions> answers = new(Lenient);

    /// <summary>For bodies that are sent.</summary>
    public static JsonSerializerOptions Requests => requests.Value;

    /// <summary>For bodies that are read, see <see cref="WeCom.Lenient"/>.</summary>
    public static JsonTypeInfo<T> Answer<T>() => (JsonTypeInfo<T>)answers.Value.GetTypeInfo(typeof(T));

    // On first use: the generated half's static fields may be initialised after ours.
    private static JsonSerializerOptions Lenient()
    {
        var options = new JsonSerializerOptions(Default!.Options) { TypeInfoResolver = Default.WithAddedModifier(WeCom.Lenient.AllowNulls) };
        foreach (var converter in WeCom.Lenient.Converters) options.Converters.Add(converter);
        return options;
    }
}
