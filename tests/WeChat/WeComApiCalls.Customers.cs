using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

internal static partial class WeComApiCalls
{
    private static readonly Attachment[] OneOfEach =
    [
        Attachment.OfImage("MEDIA_ID", "http://p.qpic.cn/pic_wework/3474110808/7a6344sdadfwehe42060/0"),
        Attachment.OfLink("消息标题", "https://example.link.com/path", "消息描述", "https://example.pic.com/path"),
        Attachment.OfMiniprogram("消息标题", "MEDIA_ID", "wx8bd80126147dfAAA", "/path/index.html"),
        Attachment.OfVideo("MEDIA_ID"), Attachment.OfFile("MEDIA_ID"),
    ];

    private static IEnumerable<WeComApiCall> Customers() =>
    [
        Of("externalcontact.get_follow_user_list", api => api.ExternalContactGetFollowUserList(Corp), list => Assert.Equal(["zhangsan", "lissi"], list.FollowUser)),
        Of("externalcontact.list", api => api.ExternalContactList(Corp, "zhangsan"),
            list => Assert.Equal(["woAJ2GCAAAXtWyujaWJHDDGi0mACAAA", "wmqfasd1e1927831291723123109rAAA"], list.ExternalUserid)),
        Of("externalcontact.list~nobody", api => api.ExternalContactList(Corp, "lisi"), list => Assert.Empty(list.ExternalUserid)),
        Of("externalcontact.get", api => api.ExternalContactGet(Corp, "woAJ2GCAAAXtWyujaWJHDDGi0mACHAAA", "CURSOR"), ACustomer),
        Of("externalcontact.batch.get_by_user", api => api.ExternalContactBatchGetByUser(Corp, new(["zhangsan", "lisi"], "CURSOR")), ABatch),
        Of("externalcontact.remark", api => api.ExternalContactRemark(Corp, new("zhangsan", "woAJ2GCAAAd1asdasdjO4wKmE8Aabj9AAA")
        {
            Remark = "备注信息", Description = "描述信息", RemarkCompany = "腾讯科技", RemarkMobiles = ["13800000001", "13800000002"], RemarkPicMediaid = "MEDIAID",
        })),
        Of("externalcontact.remark~no_mobiles", api => api.ExternalContactRemark(
            Corp, new("zhangsan", "woAJ2GCAAAd1asdasdjO4wKmE8Aabj9AAA") { RemarkMobiles = RemarkRequest.NoMobiles })),
        Of("externalcontact.get_corp_tag_list", api => api.ExternalContactGetCorpTagList(
            Corp, new(["etXXXXXXXXXX", "etYYYYYYYYYY"], ["etZZZZZZZZZZZZZ", "etYYYYYYYYYYYYY"])), list =>
        {
            var group = Assert.Single(list.TagGroup);
            Assert.Equal(("TAG_GROUPID1", "GOURP_NAME", 1557838797L, 1L, false), (group.GroupId, group.GroupName, group.CreateTime, group.Order, group.Deleted));
            Assert.Equal([("TAG_ID1", "NAME1", 1L, false), ("TAG_ID2", "NAME2", 2L, true)], group.Tag.Select(tag => (tag.Id, tag.Name!, tag.Order, tag.Deleted)));
        }),
        Of("externalcontact.get_corp_tag_list~all", api => api.ExternalContactGetCorpTagList(Corp),
            list => Assert.Equal([(4294967295L, false, 2)], list.TagGroup.Select(group => (group.Order, group.Deleted, group.Tag.Count)))),
        Of("externalcontact.add_corp_tag", api => api.ExternalContactAddCorpTag(
            Corp, new([new("TAG_NAME_1", 1), new("TAG_NAME_2", 2)]) { GroupId = "GROUP_ID", GroupName = "GROUP_NAME", Order = 1 }),
            added => Assert.Equal(("TAG_GROUPID1", "TAG_ID2"), (added.TagGroup.GroupId, added.TagGroup.Tag[1].Id))),
        Of("externalcontact.edit_corp_tag", api => api.ExternalContactEditCorpTag(Corp, new("TAG_ID", "NEW_TAG_NAME", 1))),
        Of("externalcontact.del_corp_tag", api => api.ExternalContactDelCorpTag(Corp, new(["TAG_ID_1", "TAG_ID_2"], ["GROUP_ID_1", "GROUP_ID_2"]))),
        Of("externalcontact.mark_tag", api => api.ExternalContactMarkTag(
            Corp, new("zhangsan", "woAJ2GCAAAd1NPGHKSD4wKmE8Aabj9AAA", ["TAGID1", "TAGID2"], ["TAGID3", "TAGID4"]))),
        Of("externalcontact.add_contact_way", api => api.ExternalContactAddContactWay(Corp, new(1, 1)
        {
            Style = 1, Remark = "渠道客户", SkipVerify = true, State = "teststate", User = ["zhangsan"], IsTemp = true, ExpiresIn = 86400, ChatExpiresIn = 86400,
            Unionid = "oxTWIuGaIt6gTKsQRLau2M0AAAA", IsExclusive = true,
            Conclusions = new(new("文本消息内容"), Miniprogram: new("消息标题", "MEDIA_ID", "wx8bd80126147dfAAA", "/path/index.html")),
        }), way => Assert.Equal(("42b34949e138eb6e027c123cba77fAAA", null), (way.ConfigId, way.QrCode))),
        Of("externalcontact.add_contact_way~several", api => api.ExternalContactAddContactWay(
            Corp, new(2, 2) { Remark = "渠道客户", SkipVerify = false, State = "teststate", User = ["zhangsan", "lisi", "wangwu"], Party = [2, 3], MarkSource = true }),
            way => Assert.Equal("http://p.qpic.cn/wwhead/duc2TvpEgSdicZ9RrdUtBkv2UiaA/0", way.QrCode)),
        Of("externalcontact.get_contact_way", api => api.ExternalContactGetContactWay(Corp, "42b34949e138eb6e027c123cba77fad7"), AContactWay),
        Of("externalcontact.list_contact_way", api => api.ExternalContactListContactWay(Corp, new(At(1622476800), At(1625068800), "CURSOR")), list =>
        {
            Assert.Equal(["534b63270045c9ABiKEE814ef56d91c62f", "87bBiKEE811c62f63270041c62f5c9A4ef"], list.ContactWay.Select(way => way.ConfigId));
            Assert.Equal("NEXT_CURSOR", list.NextCursor);
        }),
        Of("externalcontact.update_contact_way", api => api.ExternalContactUpdateContactWay(Corp, new("42b34949e138eb6e027c123cba77fAAA")
        {
            Remark = "渠道客户", SkipVerify = true, Style = 1, State = "teststate", User = ["zhangsan", "lisi", "wangwu"], Party = [2, 3], ExpiresIn = 86400, ChatExpiresIn = 86400,
            Unionid = "oxTWIuGaIt6gTKsQRLau2M0AAAA", Conclusions = new(new("文本消息内容"), new("MEDIA_ID")),
        })),
        Of("externalcontact.del_contact_way", api => api.ExternalContactDelContactWay(Corp, "42b34949e138eb6e027c123cba77fAAA")),
        Of("externalcontact.close_temp_chat", api => api.ExternalContactCloseTempChat(Corp, "zhangyisheng", "woAJ2GCAAAXtWyujaWJHDDGi0mACHAAA")),
        Of("externalcontact.send_welcome_msg", api => api.ExternalContactSendWelcomeMsg(Corp, new("CALLBACK_CODE", new("文本消息内容"), OneOfEach))),
        Of("externalcontact.unionid_to_external_userid", api => api.ExternalContactUnionidToExternalUserid(Corp, "oAAAAAAA", "oBBBBBBB"), of => Assert.Equal("wmAAAAAAA", of.ExternalUserid)),
        Of("externalcontact.convert_to_openid", api => api.ExternalContactConvertToOpenid(Corp, "wmAAAAAAA"), of => Assert.Equal("ooAAAAAAAAAAA", of.Openid)),
        Of("externalcontact.batch_to_external_userid", api => api.ExternalContactBatchToExternalUserid(Corp, ["10000000000", "10000000001"]), of =>
        {
            Assert.Equal(new CustomerOfMobile("10000000000", "woAAAAAAA", "xxx"), Assert.Single(of.SuccessList));
            Assert.Equal(new UnknownMobile("10000000001", 60136, "record not found"), Assert.Single(of.FailList));
        }),
    ];

    private static void ACustomer(ExternalContactDetail found)
    {
        var who = found.ExternalContact;
        Assert.Equal(("woAJ2GCAAAXtWyujaWJHDDGi0mACHAAA", "李四", 2, 1, "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"), (who.ExternalUserid, who.Name, who.Type, who.Gender, who.Unionid));
        Assert.Equal(("Manager", "腾讯", "腾讯科技有限公司"), (who.Position, who.CorpName, who.CorpFullName));
        Assert.Equal(2, found.FollowUser.Count);
        var (rocky, tommy) = (found.FollowUser[0], found.FollowUser[1]);
        Assert.Equal(("rocky", "李部长", "对接采购事务", 1525779812L, 10, "rocky"), (rocky.Userid, rocky.Remark, rocky.Description, rocky.Createtime, rocky.AddWay, rocky.OperUserid));
        Assert.Equal([("etAJ2GCAAAXtWyujaWJHDDGi0mACHAAA", 1), (null, 2), ("stAJ2GCAAAXtWyujaWJHDDGi0mACHAAA", 3)], rocky.Tags.Select(tag => (tag.TagId, tag.Type)));
        Assert.Equal(["13800000001", "13000000002"], rocky.RemarkMobiles);
        Assert.Equal(new WechatChannels("视频号名称", 1), rocky.WechatChannels);
        Assert.Equal(("外联二维码1", 3, 0, 0), (tommy.State, tommy.AddWay, tommy.Tags.Count, tommy.RemarkMobiles.Count));
        Assert.Equal("NEXT_CURSOR", found.NextCursor);
    }

    private static void ABatch(ExternalContactBatch page)
    {
        Assert.Equal([("李四", "rocky"), ("王五", "lisi")], page.ExternalContactList.Select(of => (of.ExternalContact.Name!, of.FollowInfo.Userid)));
        Assert.Equal(["etAJ2GCAAAXtWyujaWJHDDGi0mACHAAA", "stJHDDGi0mAGi0mACHBBByujaW"], page.ExternalContactList[1].FollowInfo.TagId);
        Assert.Equal("外联二维码1", page.ExternalContactList[1].FollowInfo.State);
        Assert.Equal("r9FqSqsI8fgNbHLHE5QoCP50UIg2cFQbfma3l2QsmwI", page.NextCursor);
        Assert.Equal(["zhangsan"], page.FailInfo!.UnlicensedUseridList);
    }

    private static void AContactWay(ContactWayDetail found)
    {
        var way = found.ContactWay;
        Assert.Equal(("42b34949e138eb6e027c123cba77fAAA", 1, 1, 2, "test remark", true, "teststate"), (way.ConfigId, way.Type, way.Scene, way.Style, way.Remark, way.SkipVerify, way.State));
        Assert.Equal(["zhangsan", "lisi", "wangwu"], way.User);
        Assert.Equal([2, 3], way.Party);
        Assert.Equal((true, 86400, 86400), (way.IsTemp, way.ExpiresIn, way.ChatExpiresIn));
        Assert.Equal(("文本消息内容", "http://p.qpic.cn/pic_wework/XXXXX", "消息描述", "/path/index"),
            (way.Conclusions!.Text!.Content, way.Conclusions.Image!.PicUrl, way.Conclusions.Link!.Desc, way.Conclusions.Miniprogram!.Page));
    }
}
