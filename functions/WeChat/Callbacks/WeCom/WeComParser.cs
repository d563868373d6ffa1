using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>Turns the decrypted payload of WeCom into a <see cref="WeComCallback"/>. Every name that WeCom uses for an event stands here.</summary>
internal static partial class WeComParser
{
    /// <summary>Like <see cref="CallbackParser"/>: never throws, and a type that is not known is no failure.</summary>
    public static bool TryParse(string plaintext, [NotNullWhen(true)] out Callback? callback, [NotNullWhen(false)] out string? reason)
    {
        callback = null;
        if (!CallbackFields.TryRead(plaintext ?? "", out var fields, out reason)) return false;

        var from = fields.Control("FromUserName");
        var type = fields.Control("MsgType");
        // The command address of a third-party application gets another envelope: InfoType, TimeStamp, AuthCorpId, no MsgType, no sender.
        var info = fields.Optional("InfoType");
        reason = type.Length == 0 && info is null ? "no MsgType" : null;
        if (reason is not null) return false;

        var isEvent = type is "event" or "";
        // The customer service and many events of the company name no sender; a message without one is broken.
        if (!isEvent && from.Length == 0)
        {
            reason = "no FromUserName";
            return false;
        }

        var name = isEvent ? fields.Optional("Event") ?? info ?? "" : type;
        var change = isEvent ? fields.Optional("ChangeType") : null;
        callback = (isEvent ? Event(name, change ?? "", fields) : Message(name, fields)) with
        {
            ToUserName = fields.Optional("ToUserName") ?? fields.Control("AuthCorpId"),
            FromUserName = from,
            CreateTime = fields.Integer("CreateTime") ?? fields.Integer("TimeStamp") ?? 0,
            // 0 tells no message from another; and what an event calls MsgId says nothing of the event.
            MsgId = isEvent ? null : fields.Integer("MsgId") is { } id and > 0 ? id : null,
            RawName = name,
            AgentId = fields.Integer("AgentID"),
            SuiteId = fields.Optional("SuiteId"),
            ChangeType = change,
        };
        return true;
    }

    private static WeComCallback Message(string type, CallbackFields fields) => type switch
    {
        "text" => new StaffText(fields.Prose("Content")),
        "image" => new StaffImage(fields.Control("PicUrl"), fields.Control("MediaId")),
        "voice" => new StaffVoice(fields.Control("MediaId"), fields.Control("Format")),
        "video" => new StaffVideo(fields.Control("MediaId"), fields.Control("ThumbMediaId")),
        "location" when fields.Place("Location_X", "Location_Y") is var (latitude, longitude) => new StaffPlace(
            latitude, longitude, fields.MapScale("Scale"), fields.Prose("Label"), fields.Optional("AppType")),
        "link" => new StaffLink(fields.Prose("Title"), fields.Prose("Description"), fields.Control("Url"), fields.Control("PicUrl")),
        _ => new UnknownStaffMessage { Fields = fields.ToDictionary() },
    };

    // By the first name, then by the second: create, update and delete are changes of groups and of tags, and del_follow_user is one of
    // a contact and of an acquisition link. Names are case-sensitive as printed: click is lower case here and upper case in the 公众号.
    private static WeComCallback Event(string name, string change, CallbackFields fields) => name switch
    {
        "change_external_contact" => Contact(change, fields),
        "change_external_chat" => Chat(change, fields),
        "change_external_tag" => Tag(change, fields),
        "customer_acquisition" => Acquisition(change, fields),
        // The one of the family without a second name.
        "customer_acquisition_permit_change" => new AcquisitionEvent("permit_change", "", ""),
        "kf_msg_or_event" => new KfNotify(fields.Control("OpenKfId"), fields.Control("Token")),
        "kf_account_auth_change" => new KfAuthChanged(fields.All("AuthAddOpenKfId"), fields.All("AuthDelOpenKfId")),
        "msgaudit_notify" => new ArchiveNotify(),
        "change_contact" => AddressBook(change, fields),
        "enter_agent" => new EnterAgentEvent(),
        "subscribe" or "unsubscribe" or "share_agent_change" or "share_chain_change" or "inactive_alert" or "close_inactive_agent"
            or "reopen_inactive_agent" or "low_active_alert" or "low_active" or "active_restored" => new AgentEvent(name, fields.Integer("EffectTime")),
        "click" or "view" or "view_miniprogram" => new StaffMenuEvent(name, fields.Control("EventKey")),
        "scancode_push" or "scancode_waitmsg" => new StaffScanEvent(
            name, fields.Control("EventKey"), fields.Control("ScanCodeInfo.ScanType"), fields.Prose("ScanCodeInfo.ScanResult")),
        "pic_sysphoto" or "pic_photo_or_album" or "pic_weixin" => new StaffPicturesEvent(
            name, fields.Control("EventKey"), (int)(fields.Decimal("SendPicsInfo.Count", 0, 1000) ?? 0), fields.List("SendPicsInfo.PicList", item => item.Control("PicMd5Sum"))),
        "location_select" => PlaceSelected(fields),
        "LOCATION" when fields.Place("Latitude", "Longitude") is var (latitude, longitude) => new StaffLocationEvent(
            latitude, longitude, fields.Decimal("Precision", 0, double.MaxValue) ?? 0, fields.Optional("AppType")),
        "template_card_event" => Card(menu: false, fields),
        "template_card_menu_event" => Card(menu: true, fields),
        "batch_job_result" => BatchJob(fields),
        "open_approval_change" => new OpenApprovalEvent(
            fields.Control("ApprovalInfo.ThirdNo"), fields.Control("ApprovalInfo.OpenTemplateId"), fields.Integer("ApprovalInfo.OpenSpStatus"),
            fields.Control("ApprovalInfo.ApplyUserId")),
        "sys_approval_change" => new SysApprovalEvent(
            fields.Control("ApprovalInfo.SpNo"), fields.Control("ApprovalInfo.TemplateId"), fields.Integer("ApprovalInfo.SpStatus"),
            fields.Integer("ApprovalInfo.StatuChangeEvent"), fields.Control("ApprovalInfo.Applyer.UserId")),
        "security" when change == "change_domain_ip" => new DomainIpEvent(),
        _ => Unknown(fields),
    };

    private static StaffPlaceEvent PlaceSelected(CallbackFields fields)
    {
        var place = fields.Place("SendLocationInfo.Location_X", "SendLocationInfo.Location_Y");
        return new StaffPlaceEvent(
            fields.Control("EventKey"), place?.Latitude, place?.Longitude, fields.Prose("SendLocationInfo.Label"), fields.Optional("SendLocationInfo.Poiname"));
    }

    private static TemplateCardEvent Card(bool menu, CallbackFields fields)
    {
        // Officially misspelt; should that ever be mended, so is this.
        var choices = fields.All("SelectedItems.SelectedItem", item => new CardChoice(
            item.Control("QuestionKey"), item.All("OpitonIds.OpitonId") is { Count: > 0 } chosen ? chosen : item.All("OptionIds.OptionId")));
        return new TemplateCardEvent(
            menu, fields.Control("EventKey"), fields.Control("TaskId"), fields.Control("CardType"), fields.Control("ResponseCode"), choices);
    }

    // Documented with the wrapper in one place and without it in another.
    private static BatchJobEvent BatchJob(CallbackFields fields)
    {
        string Of(string name) => fields.Optional("BatchJob." + name) ?? fields.Control(name);
        return new BatchJobEvent(Of("JobId"), Of("JobType"), fields.Integer("BatchJob.ErrCode") ?? fields.Integer("ErrCode"), Of("ErrMsg"));
    }

    private static UnknownWeComEvent Unknown(CallbackFields fields) => new() { Fields = fields.ToDictionary() };
}
