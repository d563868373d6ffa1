using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.WeChat;

/// <summary>What each file of samples/oa says, written from the documentation: the same for both forms of it.</summary>
internal static class OaSampleExpectations
{
    public const string OpenId = "oia2TjuEGTNoeX76QEjQNrcURxG8";
    public const string Platform = "oia2TjSysSysSysSysSysSysSysS";

    private const string Ticket = "gQH47joAAAAAAAAAASxo";
    private const string Card = "pZI8Fjwsy5fVPRBeD78J4RmqVvBc", Code = "226009850808", Friend = "oia2TjFriendFriendFriendFrie";
    private const string Template1 = "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc", Template2 = "9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI";
    private const string Picture1 = "1b5f7c23b5bf75682a53e7b6d163e185", Picture2 = "5a75aaca956d97be686719218f275c6b";

    /// <summary>By file name without its ending: the kind, and after an <c>~</c> which of several.</summary>
    public static readonly IReadOnlyDictionary<string, Callback> BySample = All().ToDictionary(pair => pair.Sample, pair => pair.Expected, StringComparer.Ordinal);

    private static IEnumerable<(string Sample, Callback Expected)> All() =>
    [
        ("oa.message.text", Message("text", new TextMessage("新品乌龙什么时候到店？👩‍🌾 <b>&amp;", null))),
        ("oa.message.text~menu", Message("text", new TextMessage("  我要\n退款 ", "101")) with { MsgDataId = "2247483648", Idx = "2" }),
        ("oa.message.image", Message("image", new ImageMessage("http://mmbiz.qpic.cn/mmbiz_jpg/abc/0", "media-image-1"))),
        ("oa.message.voice", Message("voice", new VoiceMessage("media-voice-1", "amr", "我要两杯奶茶", "media-voice-16k"))),
        ("oa.message.video", Message("video", new VideoMessage("media-video-1", "media-thumb-1"))),
        ("oa.message.shortvideo", Message("shortvideo", new ShortVideoMessage("media-short-1", "media-thumb-2"))),
        ("oa.message.location", Message("location", new LocationMessage(23.134521, 113.358803, 20, "广州市天河区 林和西路"))),
        ("oa.message.link", Message("link", new LinkMessage("公众平台官网链接", "官网", "https://mp.weixin.qq.com/?a=1&b=2"))),
        ("oa.message.unknown", Message("miniprogrampage", new UnknownMessage())),
        ("oa.message.unknown~file", Message("file", new UnknownMessage())),

        ("oa.subscribe", Event("subscribe", new SubscribeEvent("store-42", Ticket, null))),
        ("oa.subscribe~plain", Event("subscribe", new SubscribeEvent(null, null, null))),
        ("oa.subscribe~payment", Event("subscribe", new SubscribeEvent(null, null, "last_trade_no_4008450740201411110005820873"))),
        ("oa.unsubscribe", Event("unsubscribe", new UnsubscribeEvent())),
        // Only a follow has the prefix: here it belongs to the scene.
        ("oa.scan", Event("SCAN", new ScanEvent("qrscene_looks_like_a_prefix", Ticket))),
        ("oa.location_report", Event("LOCATION", new LocationReportEvent(23.137466, 113.352425, 119.38504))),

        ("oa.menu.click", Event("CLICK", new MenuClickEvent("MENU_NEW_TEA"))),
        ("oa.menu.view", Event("VIEW", new MenuViewEvent("https://tea.example/menu?from=oa", "415670742"))),
        ("oa.menu.view_miniprogram", Event("view_miniprogram", new MenuMiniProgramEvent("pages/index/index?shop=7", "415670742"))),
        ("oa.menu.scancode_push", Event("scancode_push", new MenuScanEvent("oa.menu.scancode_push", "MENU_SCAN", "qrcode", "https://tea.example/t/7"))),
        ("oa.menu.scancode_waitmsg", Event("scancode_waitmsg", new MenuScanEvent("oa.menu.scancode_waitmsg", "MENU_BOTTLE", "barcode", "EAN_13,6901234567892"))),
        ("oa.menu.pic_sysphoto", Event("pic_sysphoto", new MenuPicturesEvent("oa.menu.pic_sysphoto", "MENU_PHOTO", 1, new([Picture1])))),
        ("oa.menu.pic_photo_or_album", Event("pic_photo_or_album", new MenuPicturesEvent("oa.menu.pic_photo_or_album", "MENU_RECEIPT", 2, new([Picture1, Picture2])))),
        ("oa.menu.pic_weixin", Event("pic_weixin", new MenuPicturesEvent("oa.menu.pic_weixin", "MENU_ALBUM", 2, new([Picture1, Picture2])))),
        ("oa.menu.location_select", Event("location_select", new MenuLocationEvent("MENU_NEAR", 23, 113.3, 15, "广州市海珠区客村艺苑路 106号", "客村"))),

        ("oa.template_result", Event("TEMPLATESENDJOBFINISH", new TemplateResultEvent(200163836, "failed:user block"))),
        ("oa.template_result~sent", Event("TEMPLATESENDJOBFINISH", new TemplateResultEvent(200163840, "success"))),
        ("oa.mass_result", FromPlatform("MASSSENDJOBFINISH", new MassResultEvent(1000001625, "err(30003)")
        {
            Total = 100, Filtered = 80, Sent = 75, Failed = 5, CheckState = 2,
            Checks = new(
            [
                new ArticleCheck(1, 0, 2, "https://mp.weixin.qq.com/s/other-1", 1, true, true, false),
                new ArticleCheck(2, 0, 3, "https://mp.weixin.qq.com/s/other-2", 1, true, true, false),
            ]),
            Articles = new([new ArticleUrl(1, "https://mp.weixin.qq.com/s/tea-1"), new ArticleUrl(2, "https://mp.weixin.qq.com/s/tea-2")]),
        })),
        ("oa.mass_result~one", FromPlatform("MASSSENDJOBFINISH", new MassResultEvent(1000001625, "send success")
        {
            Total = 100, Filtered = 80, Sent = 75, Failed = 5, CheckState = 2,
            Checks = new([new ArticleCheck(1, 0, 2, "https://mp.weixin.qq.com/s/other-1", 1, true, true, false)]),
            Articles = new([new ArticleUrl(1, "https://mp.weixin.qq.com/s/tea-1")]),
        })),
        ("oa.mass_result~plain", FromPlatform("MASSSENDJOBFINISH", new MassResultEvent(1000001625, "send success") { Total = 100, Filtered = 80, Sent = 75, Failed = 5 })),
        ("oa.publish_result", FromPlatform("PUBLISHJOBFINISH", new PublishResultEvent(
            "2247503051", 0, "b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvywgTO9g", new([new ArticleUrl(1, "https://mp.weixin.qq.com/s/tea-1")]), new([])))),
        ("oa.publish_result~refused", FromPlatform("FREEPUBLISHJOBFINISH", new PublishResultEvent("2247503060", 2, null, new([]), new(["1", "3"])))),

        ("oa.kf.create", Event("kf_create_session", new ServiceStartedEvent("test1@test"))),
        ("oa.kf.close", Event("kf_close_session", new ServiceEndedEvent("test1@test", "KF"))),
        ("oa.kf.switch", Event("kf_switch_session", new ServiceSwitchedEvent("test1@test", "test2@test"))),

        ("oa.card.get", Event("user_get_card", new CardEvent("oa.card.get", Card, Code)
        {
            IsGiveByFriend = true, FriendUserName = Friend, OuterId = "7", OldUserCardCode = "198374613512", OuterStr = "12b",
            IsRestoreMemberCard = false, IsRecommendByFriend = false, UnionId = "o6_bmasdasdsad6_2sgVt7hMZOPfL",
        })),
        ("oa.card.get~own", Event("user_get_card", new CardEvent("oa.card.get", Card, Code)
        {
            IsGiveByFriend = false, OuterId = "0", IsRestoreMemberCard = false, IsRecommendByFriend = false,
        })),
        ("oa.card.gift", Event("user_gifting_card", new CardEvent("oa.card.gift", Card, Code) { IsReturnBack = false, FriendUserName = Friend, IsChatRoom = false })),
        ("oa.card.del", Event("user_del_card", new CardEvent("oa.card.del", Card, Code))),
        ("oa.card.consume", Event("user_consume_card", new CardEvent("oa.card.consume", Card, Code)
        {
            ConsumeSource = "FROM_MOBILE_HELPER", LocationName = "人民广场店", StaffOpenId = "oia2TjStaffStaffStaffStaffSt", RemarkAmount = "18.50", OuterStr = "12b",
        })),
        ("oa.card.pay", Event("user_pay_from_pay_cell", new CardEvent("oa.card.pay", Card, Code)
        {
            TransId = "10022403432015000000000", LocationId = "291710000", Fee = 1850, OriginalFee = 2000,
        })),
        ("oa.card.view", Event("user_view_card", new CardEvent("oa.card.view", Card, Code) { OuterStr = "12b" })),
        ("oa.card.enter_session", Event("user_enter_session_from_card", new CardEvent("oa.card.enter_session", Card, Code))),
        ("oa.card.submit_member", Event("submit_membercard_user_info", new CardEvent("oa.card.submit_member", Card, Code))),
        ("oa.card.update_member", Event("update_member_card", new CardEvent("oa.card.update_member", Card, Code) { ModifyBonus = "-30", ModifyBalance = "0" })),
        ("oa.card.pass_check", FromPlatform("card_pass_check", new CardEvent("oa.card.pass_check", Card, null))),
        ("oa.card.not_pass_check", FromPlatform("card_not_pass_check", new CardEvent("oa.card.not_pass_check", Card, null) { RefuseReason = "非法代制" })),
        ("oa.card.sku_remind", FromPlatform("card_sku_remind", new CardEvent("oa.card.sku_remind", Card, null) { Detail = "the card's quantity is equal to 0" })),

        ("oa.submsg.popup", Event("subscribe_msg_popup_event", new SubscribeMessagePopupEvent(
            new([new SubscribeChoice(Template1, "accept", 2), new SubscribeChoice(Template2, "reject", 2)])))),
        ("oa.submsg.popup~one", Event("subscribe_msg_popup_event", new SubscribeMessagePopupEvent(new([new SubscribeChoice(Template1, "accept", 0)])))),
        ("oa.submsg.change", Event("subscribe_msg_change_event", new SubscribeMessageChangeEvent(new([new SubscribeChoice(Template1, "reject", null)])))),
        ("oa.submsg.sent", Event("subscribe_msg_sent_event", new SubscribeMessageSentEvent(
            new([new SubscribeMessageSent(Template1, "1700827132819554304", 0, "success")])))),
        ("oa.submsg.sent~one", Event("subscribe_msg_sent_event", new SubscribeMessageSentEvent(
            new([new SubscribeMessageSent(Template1, "1700827132819554305", 43101, "user refuse to accept the msg")])))),

        ("oa.verify.qualification_success", FromPlatform("qualification_verify_success", new VerificationEvent("oa.verify.qualification_success", 1442401156, null, null))),
        ("oa.verify.qualification_fail", FromPlatform("qualification_verify_fail", new VerificationEvent("oa.verify.qualification_fail", null, 1442401122, "经营范围 不符"))),
        ("oa.verify.naming_success", FromPlatform("naming_verify_success", new VerificationEvent("oa.verify.naming_success", 1442401093, null, null))),
        ("oa.verify.naming_fail", FromPlatform("naming_verify_fail", new VerificationEvent("oa.verify.naming_fail", null, 1442401061, "名称已被占用"))),
        ("oa.verify.annual_renew", FromPlatform("annual_renew", new VerificationEvent("oa.verify.annual_renew", 1442401004, null, null))),
        ("oa.verify.expired", FromPlatform("verify_expired", new VerificationEvent("oa.verify.expired", 1442400900, null, null))),

        ("oa.user.info_modified", FromPlatform("user_info_modified", new UserDataEvent("oa.user.info_modified", OpenId, "wx13974bf780d3dc89", null))),
        ("oa.user.authorization_revoke", FromPlatform("user_authorization_revoke", new UserDataEvent("oa.user.authorization_revoke", OpenId, "wx13974bf780d3dc89", "1"))),
        ("oa.user.authorization_cancellation", FromPlatform("user_authorization_cancellation",
            new UserDataEvent("oa.user.authorization_cancellation", OpenId, "wx13974bf780d3dc89", null))),

        ("oa.event.unknown", Event("WifiConnected", new UnknownEvent())),
        ("oa.event.unknown~guide", Event("guide_qrcode_scan_event", new UnknownEvent())),
        ("oa.event.unknown~tempsession", Event("user_enter_tempsession", new UnknownEvent())),
        ("oa.event.unknown~poi", FromPlatform("poi_check_notify", new UnknownEvent())),
        ("oa.event.unknown~debug", Event("debug_demo", new UnknownEvent())),
    ];

    private static Callback Message(string type, Callback body) => Event(type, body) with { MsgId = 23456789012345678 };

    private static Callback FromPlatform(string name, Callback body) => Event(name, body) with { FromUserName = Platform };

    private static Callback Event(string name, Callback body) =>
        body with { ToUserName = "gh_7f083739789a", FromUserName = OpenId, CreateTime = 1348831860, RawName = name };
}
