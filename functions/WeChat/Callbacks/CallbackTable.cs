using System.Collections.Frozen;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Every name that an Official Account's callbacks have, and what reads it: the one place to look a WeChat name up.
/// What is not here is kept whole as <see cref="UnknownMessage"/> or <see cref="UnknownEvent"/>.
/// </summary>
internal static class CallbackTable
{
    // A reader gives null for what has the name but not the content, such as a place that is nowhere.
    private static readonly FrozenDictionary<string, Func<CallbackFields, Callback?>> Messages = new Dictionary<string, Func<CallbackFields, Callback?>>
    {
        ["text"] = TextMessage.Read,
        ["image"] = ImageMessage.Read,
        ["voice"] = VoiceMessage.Read,
        ["video"] = VideoMessage.Read,
        ["shortvideo"] = ShortVideoMessage.Read,
        ["location"] = LocationMessage.Read,
        ["link"] = LinkMessage.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<CallbackFields, Callback?>> Events = new Dictionary<string, Func<CallbackFields, Callback?>>
    {
        ["subscribe"] = SubscribeEvent.Read,
        ["unsubscribe"] = static _ => new UnsubscribeEvent(),
        ["SCAN"] = ScanEvent.Read,
        ["LOCATION"] = LocationReportEvent.Read,
        ["CLICK"] = MenuClickEvent.Read,
        ["VIEW"] = MenuViewEvent.Read,
        ["view_miniprogram"] = MenuMiniProgramEvent.Read,
        ["scancode_push"] = static f => MenuScanEvent.Read(Kinds.MenuScanPush, f),
        ["scancode_waitmsg"] = static f => MenuScanEvent.Read(Kinds.MenuScanWait, f),
        ["pic_sysphoto"] = static f => MenuPicturesEvent.Read(Kinds.MenuPhoto, f),
        ["pic_photo_or_album"] = static f => MenuPicturesEvent.Read(Kinds.MenuPhotoOrAlbum, f),
        ["pic_weixin"] = static f => MenuPicturesEvent.Read(Kinds.MenuAlbum, f),
        ["location_select"] = MenuLocationEvent.Read,

        ["TEMPLATESENDJOBFINISH"] = TemplateResultEvent.Read,
        ["MASSSENDJOBFINISH"] = MassResultEvent.Read,
        ["PUBLISHJOBFINISH"] = PublishResultEvent.Read, // the documentation has both names
        ["FREEPUBLISHJOBFINISH"] = PublishResultEvent.Read,

        ["kf_create_session"] = ServiceStartedEvent.Read,
        ["kf_close_session"] = ServiceEndedEvent.Read,
        ["kf_switch_session"] = ServiceSwitchedEvent.Read,

        ["user_get_card"] = static f => CardEvent.Read(Kinds.CardGot, f),
        ["user_gifting_card"] = static f => CardEvent.Read(Kinds.CardGiven, f),
        ["user_del_card"] = static f => CardEvent.Read(Kinds.CardDeleted, f),
        ["user_consume_card"] = static f => CardEvent.Read(Kinds.CardUsed, f),
        ["user_pay_from_pay_cell"] = static f => CardEvent.Read(Kinds.CardPaid, f),
        ["user_view_card"] = static f => CardEvent.Read(Kinds.CardViewed, f),
        ["user_enter_session_from_card"] = static f => CardEvent.Read(Kinds.CardEntered, f),
        ["submit_membercard_user_info"] = static f => CardEvent.Read(Kinds.CardActivated, f),
        ["update_member_card"] = static f => CardEvent.Read(Kinds.CardUpdated, f),
        ["card_pass_check"] = static f => CardEvent.Read(Kinds.CardApproved, f),
        ["card_not_pass_check"] = static f => CardEvent.Read(Kinds.CardRefused, f),
        ["card_sku_remind"] = static f => CardEvent.Read(Kinds.CardStockLow, f),

        ["subscribe_msg_popup_event"] = SubscribeMessagePopupEvent.Read,
        ["subscribe_msg_change_event"] = SubscribeMessageChangeEvent.Read,
        ["subscribe_msg_sent_event"] = SubscribeMessageSentEvent.Read,

        ["qualification_verify_success"] = static f => VerificationEvent.Read(Kinds.QualificationVerified, f),
        ["qualification_verify_fail"] = static f => VerificationEvent.Read(Kinds.QualificationRefused, f),
        ["naming_verify_success"] = static f => VerificationEvent.Read(Kinds.NameVerified, f),
        ["naming_verify_fail"] = static f => VerificationEvent.Read(Kinds.NameRefused, f),
        ["annual_renew"] = static f => VerificationEvent.Read(Kinds.RenewalDue, f),
        ["verify_expired"] = static f => VerificationEvent.Read(Kinds.VerificationExpired, f),

        ["user_info_modified"] = static f => UserDataEvent.Read(Kinds.UserDataModified, f),
        ["user_authorization_revoke"] = static f => UserDataEvent.Read(Kinds.UserDataRevoked, f),
        ["user_authorization_cancellation"] = static f => UserDataEvent.Read(Kinds.UserCancelled, f),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Callback Message(string type, CallbackFields fields) =>
        Messages.GetValueOrDefault(type)?.Invoke(fields) ?? new UnknownMessage { Fields = fields.ToDictionary() };

    public static Callback Event(string name, CallbackFields fields) =>
        Events.GetValueOrDefault(name)?.Invoke(fields) ?? new UnknownEvent { Fields = fields.ToDictionary() };
}
