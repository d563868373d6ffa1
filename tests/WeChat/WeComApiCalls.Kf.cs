using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

internal static partial class WeComApiCalls
{
    private static IEnumerable<WeComApiCall> Kf() =>
    [
        Of("kf.account.list", api => api.KfAccountList(Corp), list =>
        {
            var account = Assert.Single(list.AccountList);
            Assert.Equal(("wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "咨询客服", false), (account.OpenKfid, account.Name, account.ManagePrivilege));
        }),
        Of("kf.sync_msg", api => api.KfSyncMsg(
            Corp, new("wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "4gw7MepFLfgF2VC5npN", "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR", VoiceFormat: 0)), APage),
        Of("kf.send_msg", api => api.KfSendMsg(
            Corp, "EXTERNAL_USERID", "OPEN_KFID", new KfText("你购买的物品已发货,可点击链接查看物流状态http://work.weixin.qq.com/xxxxxx"), "MSGID"), sent => Assert.Equal("MSGID", sent.Msgid)),
        Serves("image", new KfImage("MEDIA_ID")), Serves("voice", new KfVoice("MEDIA_ID")), Serves("video", new KfVideo("MEDIA_ID")), Serves("file", new KfFile("MEDIA_ID")),
        Serves("link", new KfLink("企业如何增长?企业微信给出3个答案", "URL", "MEDIA_ID", "今年中秋节公司有豪礼相送")),
        Serves("miniprogram", new KfMiniprogram("APPID", "MEDIA_ID", "PAGE_PATH", "欢迎报名夏令营")),
        Serves("location", new KfLocation(23.106, 113.32, "测试小区", "实例小区,不真实存在,经纬度无意义")),
        Serves("msgmenu", new KfMenu(
            "您对本次服务是否满意呢? ",
            [
                new KfMenuClick("101", "满意"), new KfMenuClick("102", "不满意"), new KfMenuView("https://work.weixin.qq.com", "点击跳转到自助查询页面"),
                new KfMenuMiniprogram("wx123123123123123", "pages/index?userid=zhangsan&orderid=123123123", "点击打开小程序查询更多"),
            ],
            "欢迎再次光临")),
        Of("kf.send_msg_on_event", api => api.KfSendMsgOnEvent(Corp, "CODE", new KfText("你好,请问有什么可以帮您?"), "MSG_ID"), sent => Assert.Equal("MSG_ID", sent.Msgid)),
        Of("kf.service_state.get", api => api.KfServiceStateGet(Corp, "wkxxxxxxxxxxxxxxxxxx", "wmxxxxxxxxxxxxxxxxxx"),
            state => Assert.Equal(new KfServiceState(3, "zhangsan"), state)),
        Of("kf.service_state.trans", api => api.KfServiceStateTrans(Corp, new("wkxxxxxxxxxxxxxxxxxx", "wmxxxxxxxxxxxxxxxxxx", 3, "zhangsan")),
            done => Assert.Equal("MSG_CODE", done.MsgCode)),
    ];

    private static WeComApiCall Serves(string type, KfOutgoing message) => Of(
        "kf.send_msg~" + type, api => api.KfSendMsg(Corp, "EXTERNAL_USERID", "OPEN_KFID", message), sent => Assert.Equal("MSG_ID", sent.Msgid));

    private static void APage(KfMessages page)
    {
        Assert.Equal(("4gw7MepFLfgF2VC5npN", true, 13), (page.NextCursor, page.HasMore, page.MsgList.Count));
        var of = page.MsgList.Where(message => message.Event is null).ToDictionary(message => message.Msgtype, StringComparer.Ordinal);
        // The text is the customer's own, to its blanks.
        Assert.Equal(new KfTextContent(" hello world ", "101"), of["text"].Text);
        Assert.Equal(("from_msgid_4622416642169452480", "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw", 1615478585L, 3), (of["text"].Msgid, of["text"].ExternalUserid, of["text"].SendTime, of["text"].Origin));
        Assert.Equal(("2iSLeVyqzk4eX0IB5kTi9Ljfa2rt9dwfq5WKRQ4Nvvgw", "V", "D", "F"), (of["image"].Image!.MediaId, of["voice"].Voice!.MediaId, of["video"].Video!.MediaId, of["file"].File!.MediaId));
        Assert.Equal(new KfLocationContent(23.106021881103501, 113.320503234863, "广州国际媒体港(广州市海珠区)", "广东省广州市海珠区滨江东路"), of["location"].Location);
        Assert.Equal(new KfLinkContent("TITLE", "DESC", "URL", "PIC_URL"), of["link"].Link);
        Assert.Equal(new UserRef("USERID"), of["business_card"].BusinessCard);
        Assert.Equal(new KfMiniprogramContent("TITLE", "APPID", "PAGE_PATH", "THUMB_MEDIA_ID"), of["miniprogram"].Miniprogram);
        Assert.Equal("欢迎再次光临", of["msgmenu"].Others!["msgmenu"].GetProperty("tail_content").GetString());

        var events = page.MsgList.Select(message => message.Event).OfType<KfEvent>().ToArray();
        Assert.Equal(["enter_session", "msg_send_fail", "session_status_change"], events.Select(e => e.EventType));
        Assert.Equal(("123", "abc", "aaaaaa"), (events[0].Scene, events[0].SceneParam, events[0].WelcomeCode));
        Assert.Equal(("FAIL_MSGID", 4), (events[1].FailMsgid, events[1].FailType));
        Assert.Equal((1, "OLD", "NEW", "MSG_CODE"), (events[2].ChangeType, events[2].OldServicerUserid, events[2].NewServicerUserid, events[2].MsgCode));
    }
}
