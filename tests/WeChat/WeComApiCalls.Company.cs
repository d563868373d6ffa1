using System.Text;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

internal static partial class WeComApiCalls
{
    private static readonly StaffRecipients One = new(["UserID1"]);

    // The first eight bytes of every PNG.
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static IEnumerable<WeComApiCall> Company() =>
    [
        Of("message.send", api => api.MessageSend(
            Corp, new(["UserID1", "UserID2", "UserID3"], [1, 2], [3, 4]),
            new StaffText("你的快递已到,请携带工卡前往邮件中心领取。\n出发前可查看<a href=\"http://work.weixin.qq.com\">邮件中心视频实况</a>,聪明避开排队。"),
            new(Safe: true, IdTranslation: true, DuplicateCheck: TimeSpan.FromMinutes(30))), sent =>
        {
            Assert.Equal(["userid1", "userid2"], sent.Invaliduser);
            Assert.Equal(["1", "2"], sent.Invalidparty);
            Assert.Equal(["3"], sent.Invalidtag);
            Assert.Equal(["userid3", "userid4"], sent.Unlicenseduser);
            Assert.Equal(("xxxx", "xyzxyz", false), (sent.Msgid, sent.ResponseCode, sent.Complete));
        }),
        Sends("image", new StaffImage("MEDIA_ID")), Sends("voice", new StaffVoice("MEDIA_ID")), Sends("video", new StaffVideo("MEDIA_ID", "Title", "Description")),
        Sends("file", new StaffFile("1Yv-zXfHjSjU-7LH-GwtYqDGS-zz6w22KmWAT5COgP7o")),
        Sends("textcard", new StaffTextCard(
            "领奖通知",
            "<div class=\"gray\">2016年9月26日</div> <div class=\"normal\">恭喜你抽中iPhone 7一台,领奖码:xxxx</div><div class=\"highlight\">请于2016年10月10日前联系行政同事领取</div>",
            "URL", "更多")),
        Sends("news", new StaffNews([new("中秋节礼品领取", "今年中秋节公司有豪礼相送", "URL", "http://res.mail.qq.com/node/ww/wwopenmng/images/independent/doc/test_pic_msg1.png")])),
        Sends("markdown", new StaffMarkdown("您的会议室已经预定,稍后会同步到`邮箱`\n>**事项详情**\n>事 项:<font color=\"info\">开会</font>"), StaffRecipients.All),
        Sends("template_card", new StaffNotice("欢迎使用企业微信", "https://work.weixin.qq.com")
        {
            Description = "您的好友正在邀请您加入企业微信", Source = "企业微信", Emphasis = ("100", "核心数据"), Text = "下载企业微信还能抢红包!", Quote = "企业微信真好用呀真好用",
            Rows = [("邀请人", "张三")], Jumps = [("企业微信官网", "https://work.weixin.qq.com")], TaskId = "task_id",
        }),
        Of("message.recall", api => api.MessageRecall(Corp, "vcT8gGc-7dFb4bxT35ONjBDz901sLlXPZw1DAMC_Gc26qRpK-AK5sTJkkb0128t")),
        Of("media.upload", api => api.MediaUpload(Corp, new("wework.txt", Encoding.UTF8.GetBytes("mytext"))), media =>
        {
            Assert.Equal(("1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0", "file", 1380000000L), (media.MediaId, media.Type, media.CreatedAt));
            Assert.Equal(At(1380000000 + (3 * 86400)), media.ExpiresAt);
        }),
        Of("media.upload_attachment", api => api.MediaUploadAttachment(Corp, new("茶.png", Png)), media => Assert.Equal("image", media.Type)),
        Of("media.uploadimg", api => api.MediaUploadImg(Corp, new("20180103195745.png", Png)),
            image => Assert.Equal("http://p.qpic.cn/pic_wework/3474110808/7a7c8471673ff0f178f63447935d35a5c1247a7f31d9c060/0", image.Url)),
        Of("media.get", api => api.MediaGet(Corp, "MEDIA_ID"), media =>
        {
            Assert.Equal(("image/jpeg", "MEDIA_ID.jpg"), (media.ContentType, media.FileName));
            Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10], media.Content.ToArray());
        }),
        Refused("media.get~gone", api => api.MediaGet(Corp, "MEDIA_ID"), 40007),
        Of("department.list", api => api.DepartmentList(Corp, 2), list =>
        {
            Assert.Equal([(2, "广州研发中心", 1, 10L), (3, "邮箱产品部", 2, 40L)], list.Department.Select(d => (d.Id, d.Name!, d.Parentid, d.Order)));
            Assert.Equal(["lisi", "wangwu"], list.Department[1].DepartmentLeader);
        }),
        Of("department.list~all", api => api.DepartmentList(Corp), list => Assert.Equal((0, 4294967295L), (list.Department[1].DepartmentLeader.Count, list.Department[1].Order))),
        Of("department.simplelist", api => api.DepartmentSimpleList(Corp, 2), list => Assert.Equal([new(2, 1, 10), new(3, 2, 40)], list.DepartmentId)),
        Of("department.get", api => api.DepartmentGet(Corp, 2), found => Assert.Equal((2, "RDGZ"), (found.Department.Id, found.Department.NameEn))),
        Of("user.get", api => api.UserGet(Corp, "zhangsan"), AColleague),
        Of("user.list", api => api.UserList(Corp, 1), list => AColleague(Assert.Single(list.Userlist))),
        Of("user.simplelist", api => api.UserSimpleList(Corp, 1), list =>
        {
            var user = Assert.Single(list.Userlist);
            Assert.Equal(("zhangsan", "张三", 2, 0, null), (user.Userid, user.Name, user.Department.Count, user.DirectLeader.Count, user.Mobile));
        }),
        Of("agent.get", api => api.AgentGet(Corp), agent =>
        {
            Assert.Equal((1000002, "HR助手", 0), (agent.Agentid, agent.Name, agent.Close));
            Assert.Equal([new UserRef("zhangshan"), new UserRef("lisi")], agent.AllowUserinfos!.User);
            Assert.Equal([1], agent.AllowPartys!.Partyid);
            Assert.Equal([1, 2, 3], agent.AllowTags!.Tagid);
        }),
        Of("getcallbackip", api => api.GetCallbackIp(Corp), list => Assert.Equal(["101.226.103.*", "101.226.62.*"], list.Addresses)),
        Of("get_api_domain_ip", api => api.GetApiDomainIp(Corp), list => Assert.Equal(["182.254.11.176", "182.254.78.66"], list.Addresses)),
    ];

    private static WeComApiCall Sends(string type, StaffMessage message, StaffRecipients? to = null) => Of(
        "message.send~" + type, api => api.MessageSend(Corp, to ?? One, message), sent => Assert.Equal(("xxxx", true), (sent.Msgid, sent.Complete)));

    private static void AColleague(StaffUser user)
    {
        Assert.Equal(("zhangsan", "张三", "后台工程师", "13800000000", 1, 1, 1), (user.Userid, user.Name, user.Position, user.Mobile, user.Gender, user.Status, user.MainDepartment));
        Assert.Equal([1, 2], user.Department);
        Assert.Equal([1, 0], user.IsLeaderInDept);
        Assert.Equal(["lisi", "wangwu"], user.DirectLeader);
        Assert.Equal("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx", user.QrCode);
    }
}
