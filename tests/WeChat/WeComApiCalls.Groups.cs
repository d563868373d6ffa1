using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

internal static partial class WeComApiCalls
{
    private static IEnumerable<WeComApiCall> Groups() =>
    [
        Of("externalcontact.groupchat.list", api => api.ExternalContactGroupChatList(
            Corp, new(10, "r9FqSqsI8fgNbHLHE5QoCP50UIg2cFQbfma3l2QsmwI", 0, new(["abel"]))), list =>
        {
            Assert.Equal([new GroupChatRef("wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA", 0), new GroupChatRef("wrOgQhDgAAcwMTB7YmDkbeBsAAAA", 0)], list.Chats);
            Assert.Equal("tJzlB9tdqfh-g7i_J-ehOz_TWcd7dSKa39_AqCIeMFw", list.NextCursor);
        }),
        Of("externalcontact.groupchat.get", api => api.ExternalContactGroupChatGet(Corp, "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA"), found =>
        {
            var chat = found.GroupChat;
            Assert.Equal(("销售客服群", "ZhuShengBen", 1572505490L, "文明沟通,拒绝脏话"), (chat.Name, chat.Owner, chat.CreateTime, chat.Notice));
            Assert.Equal([("abel", 1, "jack", "客服小张"), ("wmOgQhDgAAuXFJGwbve4g4iXknfOAAAA", 2, null, "顾客老王")],
                chat.MemberList.Select(member => (member.Userid, member.Type, member.Invitor?.Userid, member.GroupNickname!)));
            Assert.Equal(("ozynqsulJFCZ2z1aYeS8h-nuasdAAA", 1572505491L, 1, "王语嫣", "klsdup3kj3s1"),
                (chat.MemberList[1].Unionid, chat.MemberList[1].JoinTime, chat.MemberList[1].JoinScene, chat.MemberList[1].Name, chat.MemberList[1].State));
            Assert.Equal([new UserRef("sam"), new UserRef("pony")], chat.AdminList);
            Assert.Equal("71217227bbd112ecfe3a49c482195cb4", chat.MemberVersion);
        }),
        Of("externalcontact.groupchat.transfer", api => api.ExternalContactGroupChatTransfer(
            Corp, new(["wrOgQhDgAAcwMTB7YmDkbeBsgT_AAAA", "wrOgQhDgAAMYQiS5ol9G7gK9JVQUAAAA"], "zhangsan")),
            done => Assert.Equal([new FailedChat("wrOgQhDgAAcwMTB7YmDkbeBsgT_KAAAA", 90500, "the owner of this chat is not resigned")], done.FailedChatList)),
        Of("externalcontact.transfer_customer", api => api.ExternalContactTransferCustomer(
            Corp, new("zhangsan", "lisi", ["woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", "woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB"], "您好,您的服务已升级,后续将由我的同事李四@腾讯接替我的工作,继续为您服务。")),
            done => Assert.Equal([new("woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", 40096), new("woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB", 0)], done.Customer)),
        Of("externalcontact.transfer_result", api => api.ExternalContactTransferResult(Corp, new("zhangsan", "lisi", "CURSOR")), Transferred),
        Of("externalcontact.resigned.transfer_customer", api => api.ExternalContactResignedTransferCustomer(
            Corp, new("zhangsan", "lisi", ["woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB", "woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"])),
            done => Assert.Equal([new("woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB", 0), new("woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", 40096)], done.Customer)),
        Of("externalcontact.resigned.transfer_result", api => api.ExternalContactResignedTransferResult(Corp, new("zhangsan", "lisi", "CURSOR")), Transferred),
        Of("externalcontact.get_unassigned_list", api => api.ExternalContactGetUnassignedList(Corp, new(0, 100)), list =>
        {
            Assert.Equal(
                [new("zhangsan", "woAJ2GCAAAd4uL12hdfsdasassdDmAAAAA", 1550838571), new("lisi", "wmAJ2GCAAAzLTI123ghsdfoGZNqqAAAA", 1550661468)], list.Info);
            Assert.Equal((false, "aSfwejksvhToiMMfFeIGZZ"), (list.IsLast, list.NextCursor));
        }),
        Of("externalcontact.get_user_behavior_data", api => api.ExternalContactGetUserBehaviorData(
            Corp, new(new(2018, 9, 10), new(2018, 9, 11), ["zhangsan", "lisi"], [1001, 1002])), found =>
        {
            var (first, second) = (found.BehaviorData[0], found.BehaviorData[1]);
            Assert.Equal((1536508800L, 100, 80, 60.25, 1.0, 0, 6, 5),
                (first.StatTime, first.ChatCnt, first.MessageCnt, first.ReplyPercentage, first.AvgReplyTime, first.NegativeFeedbackCnt, first.NewApplyCnt, first.NewContactCnt));
            Assert.Equal((1536595200L, null, null), (second.StatTime, second.ReplyPercentage, second.AvgReplyTime));
        }),
        Of("externalcontact.groupchat.statistic", api => api.ExternalContactGroupChatStatistic(
            Corp, new(new(2020, 9, 17), new(["zhangsan"]), new DateOnly(2020, 9, 19), OrderBy: 2, OrderAsc: 0)), found =>
        {
            Assert.Equal((2, 2), (found.Total, found.NextOffset));
            Assert.Equal([("zhangsan", 2, 2, 6, 3), ("lisi", 1, 3, 6, 3)],
                found.Items.Select(item => (item.Owner!, item.Data!.NewChatCnt, item.Data.ChatTotal, item.Data.MemberTotal, item.Data.MigrateTraineeChatCnt)));
        }),
        Of("externalcontact.groupchat.statistic_group_by_day", api => api.ExternalContactGroupChatStatisticGroupByDay(
            Corp, new(new(2020, 9, 17), new(["zhangsan"]), new DateOnly(2020, 9, 18))),
            found => Assert.Equal([(1600272000L, 6), (1600358400L, 6)], found.Items.Select(item => (item.StatTime, item.Data!.MemberTotal)))),
    ];

    private static void Transferred(CustomerTransferResult found)
    {
        Assert.Equal(
            [new("woAJ2GCAAAXtWyujaWJHDDGi0mACCCC", 1, 1588262400), new("woAJ2GCAAAXtWyujaWJHDDGi0mACBBBB", 2, 1588482400), new("woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA", 3, 0)],
            found.Customer);
        Assert.Equal("NEXT_CURSOR", found.NextCursor);
    }
}
