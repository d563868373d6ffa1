using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

internal static partial class WeComApiCalls
{
    private static IEnumerable<WeComApiCall> Campaigns() =>
    [
        Of("externalcontact.add_msg_template", api => api.ExternalContactAddMsgTemplate(Corp, new()
        {
            ExternalUserid = ["woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", "wmqfasd1e1927831123109rBAAAA"], ChatIdList = ["wr2GCAAAXtWyujaWJHDDGasdadAAA"],
            TagFilter = new([new(["ete19278asuMT123109rBAAAA", "ete19MT12278109UYteaBAAAA"]), new(["eteIlKKHSDfuMT18Kg9rBAAAA"])]),
            Sender = "zhangsan", AllowSelect = true, Text = new("文本消息内容"), Attachments = OneOfEach[..4],
        }), added =>
        {
            Assert.Equal("msgGCAAAXtWyujaWJHDDGi0mAAAA", added.Msgid);
            Assert.Equal(["wmqfasd1e1927831123109rBAAAA"], added.FailList);
        }),
        Of("externalcontact.get_groupmsg_list_v2", api => api.ExternalContactGetGroupMsgListV2(
            Corp, new("single", At(1605171726), At(1605172726), "zhangshan", 1, 50, "CURSOR")), list =>
        {
            var message = Assert.Single(list.Messages);
            Assert.Equal(("msgGCAAAXtWyujaWJHDDGi0mAAAA", "xxxx", 1605172000L, 1, "文本消息内容", "CURSOR"),
                (message.Msgid, message.Creator, message.CreateTime, message.CreateType, message.Text!.Content, list.NextCursor));
            Assert.Equal(OneOfEach, message.Attachments);
        }),
        Of("externalcontact.get_groupmsg_task", api => api.ExternalContactGetGroupMsgTask(Corp, new("msgGCAAAXtWyujaWJHDDGi0mACAAAA", 50, "CURSOR")),
            found => Assert.Equal([new("zhangsan", 2, 1552536375), new("lisi", 0, 0)], found.TaskList)),
        Of("externalcontact.get_groupmsg_send_result", api => api.ExternalContactGetGroupMsgSendResult(
            Corp, new("msgGCAAAXtWyujaWJHDDGi0mACAAAA", "zhangsan", 50, "CURSOR")),
            found => Assert.Equal([new("wmqfasd1e19278asdasAAAA", "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA", "zhangsan", 1, 1552536375)], found.SendList)),
        Of("externalcontact.remind_groupmsg_send", api => api.ExternalContactRemindGroupMsgSend(Corp, "msgGCAAAXtWyujaWJHDDGi0mAAAA")),
        Of("externalcontact.cancel_groupmsg_send", api => api.ExternalContactCancelGroupMsgSend(Corp, "msgGCAAAXtWyujaWJHDDGi0mAAAA")),
        Of("externalcontact.add_moment_task", api => api.ExternalContactAddMomentTask(Corp, new(
            new("文本消息内容"), [MomentAttachment.OfImage("MEDIA_ID"), MomentAttachment.OfImage("MEDIA_ID2")],
            new(new(["zhangshan", "lisi"], [2, 3]), new(["etXXXXXXXXXX", "etYYYYYYYYYY"])))), job => Assert.Equal("xxxx", job.Jobid)),
        Of("externalcontact.add_moment_task~link", api => api.ExternalContactAddMomentTask(
            Corp, new(Attachments: [MomentAttachment.OfLink("https://example.link.com/path", "MEDIA_ID", "消息标题")])), job => Assert.Equal("xxxx", job.Jobid)),
        Of("externalcontact.get_moment_task_result", api => api.ExternalContactGetMomentTaskResult(Corp, "xxxx"), found =>
        {
            Assert.Equal((3, 0, "xxxx"), (found.Status, found.Result!.Errcode, found.Result.MomentId));
            Assert.Equal(["zhangshan", "lisi"], found.Result.InvalidSenderList!.UserList!);
            Assert.Equal([2, 3], found.Result.InvalidSenderList.DepartmentList!);
            Assert.Equal(["xxx"], found.Result.InvalidExternalContactList!.TagList!);
        }),
        Of("externalcontact.get_moment_list", api => api.ExternalContactGetMomentList(Corp, new(At(1605000000), At(1605172726), "zhangsan", 1, 10, "CURSOR")), list =>
        {
            var moment = Assert.Single(list.Moments);
            Assert.Equal(("momxxx", "xxxx", 1605000000L, 1, 1, "test"),
                (moment.MomentId, moment.Creator, moment.CreateTime, moment.CreateType, moment.VisibleType, moment.Text!.Content));
            Assert.Equal([new MediaAttachment("WWCISP_xxxxx")], moment.Image);
            Assert.Equal(new MomentLocation(23.10647, 113.32446, "广州市 · 广州塔"), moment.Location);
            Assert.Equal(("https://www.qq.com", "WWCISP_xxxxx"), (moment.Link!.Url, moment.Video!.ThumbMediaId));
        }),
        Of("externalcontact.get_moment_task", api => api.ExternalContactGetMomentTask(Corp, new("momxxx", 10, "CURSOR")),
            found => Assert.Equal([new MomentUserTask("zhangsan", 1)], found.TaskList)),
        Of("externalcontact.get_moment_customer_list", api => api.ExternalContactGetMomentCustomerList(Corp, new("momxxx", "xxx", 10, "CURSOR")),
            found => Assert.Equal([new MomentCustomer("woAJ2GCAAAXtWyujaWJHDDGi0mACCCC", "xxx")], found.CustomerList)),
        Of("externalcontact.get_moment_send_result", api => api.ExternalContactGetMomentSendResult(Corp, new("momxxx", "xxx", 100, "CURSOR")), found =>
        {
            Assert.Equal([new MomentCustomer("woAJ2GCAAAXtWyujaWJHDDGi0mACCCC")], found.CustomerList);
            Assert.Null(found.NextCursor);
        }),
        Of("externalcontact.get_moment_comments", api => api.ExternalContactGetMomentComments(Corp, "momxxx", "xxx"), found =>
        {
            Assert.Equal([new("woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", null, 1605172726), new(null, "zhangshan", 1605172729)], found.CommentList);
            Assert.Equal([new("woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB", null, 1605172726), new(null, "zhangshan", 1605172720)], found.LikeList);
        }),
    ];

    private static IEnumerable<WeComApiCall> Acquisition() =>
    [
        Of("externalcontact.customer_acquisition.list_link", api => api.ExternalContactCustomerAcquisitionListLink(Corp, cursor: "CURSOR"), list =>
        {
            Assert.Equal(["LINK_ID_AAA", "LINK_ID_BBB", "LINK_ID_CCC"], list.LinkIdList);
            Assert.Equal("CURSOR", list.NextCursor);
        }),
        Of("externalcontact.customer_acquisition.get", api => api.ExternalContactCustomerAcquisitionGet(Corp, "LINK_ID_AAA"), found =>
        {
            Assert.Equal(("LINK_NAME", 1672502400L, true, true), (found.Link.LinkName, found.Link.CreateTime, found.Link.SkipVerify, found.Link.MarkSource));
            Assert.Equal(["rocky", "sam"], found.Range!.UserList!);
            Assert.Equal([1], found.Range.DepartmentList!);
            Assert.Equal(2, found.PriorityOption!.PriorityType);
            Assert.Equal("https://work.weixin.qq.com/ca/xxxxxx?customer_channel=%E5%BA%97%E4%B8%80%261", found.Link.For("店一&1"));
        }),
        Of("externalcontact.customer_acquisition.create_link", api => api.ExternalContactCustomerAcquisitionCreateLink(
            Corp, new("获客链接1号", new(["zhangsan", "lisi"], [2, 3]), true, new(2, ["zhangsan"]), true)),
            created => Assert.Equal(("LINK_ID", "https://work.weixin.qq.com/ca/caXXXXX"), (created.Link.LinkId, created.Link.Url))),
        Of("externalcontact.customer_acquisition.update_link", api => api.ExternalContactCustomerAcquisitionUpdateLink(
            Corp, new("LINK_ID", "获客链接1号", new(["zhangsan", "lisi"], [2, 3]), true))),
        Of("externalcontact.customer_acquisition.delete_link", api => api.ExternalContactCustomerAcquisitionDeleteLink(Corp, "LINK_ID")),
        Of("externalcontact.customer_acquisition.customer", api => api.ExternalContactCustomerAcquisitionCustomer(Corp, new("LINK_ID", Cursor: "CURSOR")), found =>
        {
            Assert.Equal(3, found.CustomerList.Count);
            Assert.Equal(new AcquiredCustomer("woAJ2GCAAAXtWyujaWJHDDGi0mBCBBB", "rocky", 1, "CHANNEL_A"), found.CustomerList[2]);
        }),
        Of("externalcontact.customer_acquisition_quota", api => api.ExternalContactCustomerAcquisitionQuota(Corp), found =>
        {
            Assert.Equal((1000, 500), (found.Total, found.Balance));
            Assert.Equal([new(1689350400, 200), new(1692028800, 300)], found.QuotaList);
        }),
        Of("externalcontact.customer_acquisition.statistic", api => api.ExternalContactCustomerAcquisitionStatistic(
            Corp, new("caxxxxxxx", new(2023, 7, 1), new(2023, 7, 5))), found => Assert.Equal(new AcquisitionStatistic(1000, 500), found)),
        Of("externalcontact.customer_acquisition.get_chat_info", api => api.ExternalContactCustomerAcquisitionGetChatInfo(Corp, "CHAT_KEY"), found =>
            Assert.Equal(("zhangsan", "woAJ2GCAAAXtWyujaWJHDDGi0mACAAA", new AcquisitionChatInfo(3, "caXXXXXXX", "STATE")), (found.Userid, found.ExternalUserid, found.ChatInfo))),
    ];
}
