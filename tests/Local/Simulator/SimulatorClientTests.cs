using CrmServerless.Crm;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>The typed clients and the simulator, written apart from one document: each answer of the one is what the other reads.</summary>
public sealed class SimulatorClientTests(SimulatorHostTests.Hosted hosted) : IClassFixture<SimulatorHostTests.Hosted>
{
    private static readonly AccountCredentials Main = SimulatorHostTests.Hosted.Accounts.Find("main")!.Credentials;
    private static readonly AccountCredentials Work = SimulatorHostTests.Hosted.Accounts.Find("work")!.Credentials;

    private readonly TestHost host = hosted.Host;

    private OfficialAccountApi Oa => host.Get<OfficialAccountApi>();

    private WeComApi WeCom => host.Get<WeComApi>();

    [Fact]
    public async Task Followers_and_tags()
    {
        var customer = TestHost.NewOpenId();
        await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = customer, act = "subscribe", scene = "shelf-9" }); // for which there is no tag rule
        var tag = Good(await Oa.TagsCreate(Main, "常客"));
        Good(await Oa.TagsBatchTagging(Main, tag.Id, [customer]));
        Assert.Equal([tag.Id], Good(await Oa.TagsGetIdList(Main, customer)).TagidList);
        Assert.Equal(1, Good(await Oa.TagsGet(Main)).Tags.Single(t => t.Id == tag.Id).Count);
        Assert.Equal([customer], Good(await Oa.UserTagGet(Main, tag.Id)).Openids);
        Good(await Oa.TagsUpdate(Main, tag.Id, "老客"));
        Good(await Oa.UserInfoUpdateRemark(Main, customer, "老王"));
        var info = Good(await Oa.UserInfo(Main, customer));
        Assert.Equal((1, "老王", "shelf-9"), (info.Subscribe, info.Remark, info.QrSceneStr));
        Assert.Equal([tag.Id], info.TagidList!);
        Assert.Single(Good(await Oa.UserInfoBatchGet(Main, [customer])).Users);
        Assert.Contains(customer, Good(await Oa.UserGet(Main)).Openids);
        Good(await Oa.TagsBatchBlacklist(Main, [customer]));
        Assert.Contains(customer, Good(await Oa.TagsGetBlacklist(Main)).Openids);
        Good(await Oa.TagsBatchUnblacklist(Main, [customer]));
        Good(await Oa.TagsBatchUntagging(Main, tag.Id, [customer]));
        Good(await Oa.TagsDelete(Main, tag.Id));
        Assert.Equal(45159, (await Oa.TagsUpdate(Main, tag.Id, "没了")).ErrCode);
    }

    [Fact]
    public async Task Messages_of_every_kind()
    {
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "都发来看看");
        var image = Good(await Oa.MediaUpload(Main, CustomMessageTests.Jpeg)).MediaId;
        var thumb = Good(await Oa.MediaUpload(Main, CustomMessageTests.Jpeg, thumb: true)).MediaId;
        Good(await Oa.CustomTyping(Main, customer));
        CustomMessage[] messages =
        [
            new CustomText(customer, "你好 😀"), new CustomImage(customer, image), new CustomMenu(customer, "满意吗？", [new("101", "满意"), new("102", "不满意")], "谢谢"),
            new CustomMiniProgramPage(customer, "wx1", "pages/index", thumb, "点一杯"),
        ];
        foreach (var message in messages) Good(await Oa.CustomSend(Main, message));
        await host.Text(customer, "还有吗");
        var video = Good(await Oa.MediaUpload(Main, CustomMessageTests.Mp4)).MediaId;
        var voice = Good(await Oa.MediaUpload(Main, CustomMessageTests.Amr)).MediaId;
        messages =
        [
            new CustomVoice(customer, voice), new CustomVideo(customer, video, thumb, "泡茶"), new CustomMusic(customer, "http://m", "http://h", thumb, "茶歌"),
            new CustomLink(customer, "门店", "人民广场店", "https://example.com/", "https://example.com/t.jpg"),
        ];
        foreach (var message in messages) Good(await Oa.CustomSend(Main, message));
        Assert.True(Good(await Oa.TemplateSend(Main, new TemplateMessage(customer, "sim-service-done-0000000000000000000000000000", new Dictionary<string, string> { ["thing1"] = "泡茶", ["phrase2"] = "完成" }))).Msgid > 0);
        Assert.Equal(43101, (await Oa.SubscribeBizSend(Main, new SubscribeMessage(customer, "sim-new-tea-000000000000000000000000000000000", new Dictionary<string, string> { ["thing1"] = "新茶", ["time2"] = "明天" }))).ErrCode);
        Assert.Equal(CustomMessageTests.Jpeg, Good(await Oa.MediaGet(Main, image)).Bytes.ToArray());
        var seen = (await host.Outbox(customer)).Select(m => m.GetProperty("type").GetString()!).Where(t => t != "text").Order(StringComparer.Ordinal);
        Assert.Equal(["image", "link", "miniprogrampage", "msgmenu", "music", "template", "video", "voice"], seen);
    }

    [Fact]
    public async Task The_menu_codes_the_desk_figures_and_quotas()
    {
        Good(await Oa.MenuCreate(Main, [new MenuButton { Type = "click", Name = "优惠", Key = "OFFERS" }]));
        Assert.Equal("OFFERS", Good(await Oa.MenuGet(Main)).Menu.Button.Single().Key);
        Good(await Oa.MenuDelete(Main));
        Assert.Empty(Good(await Oa.MenuGet(Main)).Menu.Button);

        Assert.Equal(600, Good(await Oa.QrCodeCreate(Main, QrCode.Temporary("store-7", TimeSpan.FromMinutes(10)))).ExpireSeconds);
        Assert.NotEmpty(Good(await Oa.QrCodeCreate(Main, QrCode.Permanent(7))).Ticket);

        var customer = TestHost.NewOpenId();
        Good(await Oa.KfAccountAdd(Main, "new@gh_test", "小新"));
        Good(await Oa.KfAccountUpdate(Main, "new@gh_test", "新新"));
        Good(await Oa.KfAccountDel(Main, "new@gh_test"));
        Good(await Oa.GetKfList(Main));
        Good(await Oa.GetOnlineKfList(Main));
        Good(await Oa.KfSessionCreate(Main, "kf2001@gh_test", customer));
        Assert.Equal("kf2001@gh_test", Good(await Oa.KfSessionGetSession(Main, customer)).KfAccount);
        Good(await Oa.KfSessionGetSessionList(Main, "kf2001@gh_test"));
        Good(await Oa.KfSessionGetWaitCase(Main));
        Good(await Oa.KfSessionClose(Main, "kf2001@gh_test", customer));
        Good(await Oa.MsgRecordGetMsgList(Main, host.Now.AddHours(-1), host.Now.AddMinutes(1)));

        var day = Shanghai.Day(host.Now).AddDays(-3);
        Good(await Oa.DatacubeGetUserSummary(Main, day, day));
        Good(await Oa.DatacubeGetUserCumulate(Main, day, day));
        Good(await Oa.DatacubeGetUpstreamMsg(Main, day, day));
        Good(await Oa.DatacubeGetUpstreamMsgHour(Main, day));
        Good(await Oa.DatacubeGetUpstreamMsgDist(Main, day, day));
        Good(await Oa.DatacubeGetInterfaceSummary(Main, day, day));
        Good(await Oa.DatacubeGetInterfaceSummaryHour(Main, day));

        Good(await Oa.QuotaGet(Main, "/cgi-bin/tags/get"));
        Good(await Oa.ClearQuota(Main));
        Good(await Oa.GetCallbackIp(Main));
        var refused = await Oa.TagsUpdate(Main, 999, "没有");
        Assert.Contains("45159", Good(await Oa.RidGet(Main, refused.ErrMsg[(refused.ErrMsg.IndexOf("rid: ", StringComparison.Ordinal) + 5)..])).ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Customers_of_WeCom()
    {
        var (_, added) = await host.Send(HttpMethod.Post, "/simulator/company", new { account = "work", act = "add", userid = "ZhangQiang", name = "茶客", state = "poster-7" });
        var customer = added.GetProperty("externalUserid").GetString()!;
        Good(await WeCom.ExternalContactSendWelcomeMsg(Work, new SendWelcomeMsgRequest(added.GetProperty("welcomeCode").GetString()!) { Text = new("欢迎") }));
        Assert.Contains("ZhangQiang", Good(await WeCom.ExternalContactGetFollowUserList(Work)).FollowUser);
        Assert.Contains(customer, Good(await WeCom.ExternalContactList(Work, "ZhangQiang")).ExternalUserid);
        Assert.Empty(Good(await WeCom.ExternalContactList(Work, "ChenJie")).ExternalUserid); // 84061

        var tag = Good(await WeCom.ExternalContactAddCorpTag(Work, new AddCorpTagRequest([new("金卡")]) { GroupName = "等级" })).TagGroup.Tag.Single().Id;
        Good(await WeCom.ExternalContactMarkTag(Work, new MarkTagRequest("ZhangQiang", customer, AddTag: [tag])));
        Good(await WeCom.ExternalContactRemark(Work, new CrmServerless.WeChat.Api.WeCom.RemarkRequest("ZhangQiang", customer) { Remark = "老王" }));
        var follow = Good(await WeCom.ExternalContactGet(Work, customer)).FollowUser.Single();
        Assert.Equal(("ZhangQiang", "老王", "poster-7", "金卡"), (follow.Userid, follow.Remark, follow.State, follow.Tags.Single().TagName));
        Assert.Equal([tag], Good(await WeCom.ExternalContactBatchGetByUser(Work, new BatchGetByUserRequest(["ZhangQiang"]))).ExternalContactList.Single(c => c.ExternalContact.ExternalUserid == customer).FollowInfo.TagId);
        Assert.NotEmpty(Good(await WeCom.ExternalContactGetCorpTagList(Work)).TagGroup);
        Good(await WeCom.ExternalContactEditCorpTag(Work, new EditCorpTagRequest(tag, "白金")));
        Good(await WeCom.ExternalContactDelCorpTag(Work, new DelCorpTagRequest([tag])));

        var way = Good(await WeCom.ExternalContactAddContactWay(Work, new AddContactWayRequest(1, 2) { User = ["ZhangQiang"], State = "window-9" })).ConfigId;
        Assert.Equal("window-9", Good(await WeCom.ExternalContactGetContactWay(Work, way)).ContactWay.State);
        Assert.Contains(Good(await WeCom.ExternalContactListContactWay(Work, new ListContactWayRequest())).ContactWay, w => w.ConfigId == way);
        Good(await WeCom.ExternalContactUpdateContactWay(Work, new UpdateContactWayRequest(way) { State = "window-10" }));
        Good(await WeCom.ExternalContactDelContactWay(Work, way));

        Assert.Equal(0, Good(await WeCom.ExternalContactTransferCustomer(Work, new TransferCustomerRequest("ZhangQiang", "LiDianzhang", [customer]))).Customer.Single().Errcode);
        Assert.Equal(2, Good(await WeCom.ExternalContactTransferResult(Work, new TransferResultRequest("ZhangQiang", "LiDianzhang"))).Customer.Single().Status);
        Good(await WeCom.ExternalContactGetUnassignedList(Work, new UnassignedListRequest()));
    }

    [Fact]
    public async Task Staff_of_WeCom()
    {
        var sent = Good(await WeCom.MessageSend(Work, new StaffRecipients(["LiDianzhang", "NoBody"]), new StaffText("开会")));
        Good(await WeCom.MessageRecall(Work, sent.Msgid!));
        Good(await WeCom.MessageSend(Work, new StaffRecipients(Parties: [2]), new StaffTextCard("维权", "有人要维权", "https://example.com/")));
        Good(await WeCom.MessageSend(Work, new StaffRecipients(["LiDianzhang"]), new StaffNews([new("日报", "今天", "https://example.com/")])));
        Assert.Equal(4, Good(await WeCom.DepartmentList(Work)).Department.Count);
        Assert.Equal("人民广场店", Good(await WeCom.DepartmentGet(Work, 2)).Department.Name);
        Good(await WeCom.DepartmentSimpleList(Work));
        Assert.Equal("李店长", Good(await WeCom.UserGet(Work, "LiDianzhang")).Name);
        Assert.NotEmpty(Good(await WeCom.UserList(Work, 2)).Userlist);
        Assert.NotEmpty(Good(await WeCom.UserSimpleList(Work, 2)).Userlist);
        Good(await WeCom.AgentGet(Work));
        Good(await WeCom.GetCallbackIp(Work));
        Good(await WeCom.ExternalContactGroupChatList(Work, new GroupChatListRequest()));
        var day = Shanghai.Day(host.Now).AddDays(-1);
        Good(await WeCom.ExternalContactGetUserBehaviorData(Work, new UserBehaviorRequest(day, day, ["LiDianzhang"])));
        Good(await WeCom.ExternalContactGroupChatStatistic(Work, new GroupChatStatisticRequest(day, new OwnerFilter(["LiDianzhang"]))));
        Good(await WeCom.ExternalContactGroupChatStatisticGroupByDay(Work, new GroupChatStatisticByDayRequest(day, new OwnerFilter(["LiDianzhang"]))));
        Good(await WeCom.MediaUpload(Work, new MediaFile("tea.jpg", CustomMessageTests.Jpeg)));
        Good(await WeCom.MediaUploadImg(Work, new MediaFile("tea.jpg", CustomMessageTests.Jpeg)));
        var link = Good(await WeCom.ExternalContactCustomerAcquisitionCreateLink(Work, new CreateLinkRequest("海报", new AcquisitionRange(["LiDianzhang"])))).Link.LinkId;
        Good(await WeCom.ExternalContactCustomerAcquisitionGet(Work, link!));
        Good(await WeCom.ExternalContactCustomerAcquisitionQuota(Work));
        Good(await WeCom.ExternalContactCustomerAcquisitionDeleteLink(Work, link!));
    }

    private static void Good(ApiResult result) => Assert.True(result.Ok, $"{result.ErrCode} {result.ErrMsg}");

    private static T Good<T>(ApiResult<T> result) where T : class
    {
        Assert.True(result.Ok, $"{result.ErrCode} {result.ErrMsg}");
        return result.Value!;
    }
}
