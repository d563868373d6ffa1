using System.Text;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>The documented limits: at the limit a request goes, over it nothing is sent and the exception says which it is.</summary>
public sealed class WeComApiLimitTests : IDisposable
{
    private static readonly AccountCredentials Corp = FakeWeChat.Company;
    private static readonly DateOnly Day = new(2026, 3, 1);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeWeChat _wechat = new();

    /// <summary>A request that grows: allowed at the limit, refused one above; and what the refusal names.</summary>
    private static readonly Dictionary<string, (int Limit, Func<WeComApi, int, Task> Call)> Growing = new(StringComparer.Ordinal)
    {
        ["20 characters in remark"] = (20, (api, n) => api.ExternalContactRemark(Corp, new("u", "wm") { Remark = Emoji(n) })),
        ["150 characters in description"] = (150, (api, n) => api.ExternalContactRemark(Corp, new("u", "wm") { Description = Han(n) })),
        ["20 characters in remark_company"] = (20, (api, n) => api.ExternalContactRemark(Corp, new("u", "wm") { RemarkCompany = Han(n) })),
        ["100 of userid_list"] = (100, (api, n) => api.ExternalContactBatchGetByUser(Corp, new(Ids(n)))),
        ["1 to 100 as limit"] = (100, (api, n) => api.ExternalContactBatchGetByUser(Corp, new(["u"], Limit: n))),
        ["30 characters in group_name"] = (30, (api, n) => api.ExternalContactAddCorpTag(Corp, new([new("t")]) { GroupName = Han(n) })),
        ["30 characters in tag.name"] = (30, (api, n) => api.ExternalContactAddCorpTag(Corp, new([new(Han(n))]) { GroupId = "g" })),
        ["30 characters in name"] = (30, (api, n) => api.ExternalContactEditCorpTag(Corp, new("t", Han(n)))),
        ["100 of user"] = (100, (api, n) => api.ExternalContactAddContactWay(Corp, new(2, 2) { User = Ids(n) })),
        ["30 characters in state"] = (30, (api, n) => api.ExternalContactAddContactWay(Corp, new(2, 2) { User = ["u"], State = Han(n) })),
        ["30 characters in remark"] = (30, (api, n) => api.ExternalContactUpdateContactWay(Corp, new("c") { Remark = Han(n) })),
        ["1 to 1209600 as expires_in"] = (14 * 86400, (api, n) => api.ExternalContactAddContactWay(Corp, new(1, 2) { User = ["u"], IsTemp = true, ExpiresIn = n })),
        ["1 to 1209600 as chat_expires_in"] = (14 * 86400, (api, n) => api.ExternalContactUpdateContactWay(Corp, new("c") { ChatExpiresIn = n })),
        ["4000 bytes in text.content"] = (4000, (api, n) => api.ExternalContactSendWelcomeMsg(Corp, new("code", new(Bytes(n))))),
        ["9 of attachments"] = (9, (api, n) => api.ExternalContactSendWelcomeMsg(Corp, new("code", Attachments: [.. Ids(n).Select(Attachment.OfVideo)]))),
        ["128 bytes in link.title"] = (128, (api, n) => api.ExternalContactSendWelcomeMsg(Corp, new("code", Attachments: [Attachment.OfLink(Bytes(n), "u")]))),
        ["512 bytes in link.desc"] = (512, (api, n) => api.ExternalContactSendWelcomeMsg(Corp, new("code", Attachments: [Attachment.OfLink("t", "u", Bytes(n))]))),
        ["64 bytes in miniprogram.title"] = (64, (api, n) => api.ExternalContactSendWelcomeMsg(Corp, new("code", Attachments: [Attachment.OfMiniprogram(Bytes(n), "m", "a", "p")]))),
        ["1 to 1000 as limit"] = (1000, (api, n) => api.ExternalContactGroupChatList(Corp, new(n))),
        ["100 of owner_filter.userid_list"] = (100, (api, n) => api.ExternalContactGroupChatList(Corp, new(OwnerFilter: new(Ids(n))))),
        ["100 of chat_id_list"] = (100, (api, n) => api.ExternalContactGroupChatTransfer(Corp, new(Ids(n), "u"))),
        ["100 of external_userid"] = (100, (api, n) => api.ExternalContactTransferCustomer(Corp, new("u", "v", Ids(n)))),
        ["200 characters in transfer_success_msg"] = (200, (api, n) => api.ExternalContactTransferCustomer(Corp, new("u", "v", ["wm"], Han(n)))),
        ["0 to 49999 as page_id * page_size"] = (49, (api, n) => api.ExternalContactGetUnassignedList(Corp, new(n))),
        ["10000 of external_userid"] = (10_000, (api, n) => api.ExternalContactAddMsgTemplate(Corp, new() { ExternalUserid = Ids(n), Text = new("t") })),
        ["31 days in start_time to end_time"] = (31, (api, n) => api.ExternalContactGetGroupMsgListV2(Corp, new("single", Now, Now.AddDays(n)))),
        ["9 of attachments of image"] = (9, (api, n) => api.ExternalContactAddMomentTask(Corp, new(Attachments: [.. Ids(n).Select(MomentAttachment.OfImage)]))),
        ["1 of attachments of video"] = (1, (api, n) => api.ExternalContactAddMomentTask(Corp, new(Attachments: [.. Ids(n).Select(MomentAttachment.OfVideo)]))),
        ["2000 characters in text.content"] = (2000, (api, n) => api.ExternalContactAddMomentTask(Corp, new(new(Bytes(n))))),
        ["30 days in start_time to end_time"] = (30, (api, n) => api.ExternalContactGetMomentList(Corp, new(Now, Now.AddDays(n)))),
        ["1 to 20 as limit"] = (20, (api, n) => api.ExternalContactGetMomentList(Corp, new(Now, Now, Limit: n))),
        ["1 to 5000 as limit"] = (5000, (api, n) => api.ExternalContactGetMomentSendResult(Corp, new("m", "u", n))),
        ["100 of userid,"] = (100, (api, n) => api.ExternalContactGetUserBehaviorData(Corp, new(Day, Day, Ids(n)))),
        ["30 days in day_begin_time to day_end_time"] = (30, (api, n) => api.ExternalContactGroupChatStatistic(Corp, new(Day, new(["u"]), Day.AddDays(n)))),
        ["500 of range.user_list"] = (500, (api, n) => api.ExternalContactCustomerAcquisitionCreateLink(Corp, new("n", new(Ids(n))))),
        ["1000 of touser"] = (1000, (api, n) => api.MessageSend(Corp, new(Ids(n)), new StaffText("t"))),
        ["100 of toparty"] = (100, (api, n) => api.MessageSend(Corp, new(Parties: [.. Enumerable.Range(1, n)]), new StaffText("t"))),
        ["2048 bytes in markdown.content"] = (2048, (api, n) => api.MessageSend(Corp, StaffRecipients.All, new StaffMarkdown(Bytes(n)))),
        ["8 of news.articles"] = (8, (api, n) => api.MessageSend(Corp, StaffRecipients.All, new StaffNews([.. Ids(n).Select(id => new StaffArticle(id, null, "u"))]))),
        ["6 of template_card.horizontal_content_list"] = (6, (api, n) => api.MessageSend(Corp, StaffRecipients.All, new StaffNotice("t", "u") { Rows = [.. Ids(n).Select(id => (id, id))] })),
        ["1 to 14400 as duplicate_check_interval"] = (14400, (api, n) => api.MessageSend(Corp, StaffRecipients.All, new StaffText("t"), new(DuplicateCheck: TimeSpan.FromSeconds(n)))),
        ["2048 bytes in text.content"] = (2048, (api, n) => api.KfSendMsg(Corp, "wm", "wk", new KfText(Bytes(n)))),
        ["10 of msgmenu.list"] = (10, (api, n) => api.KfSendMsg(Corp, "wm", "wk", new KfMenu("h", [.. Ids(n).Select(id => new KfMenuClick(id, id))]))),
        ["1 to 32 of 0-9"] = (32, (api, n) => api.KfSendMsg(Corp, "wm", "wk", new KfText("t"), Bytes(n))),
        ["64 bytes in cursor"] = (64, (api, n) => api.KfSyncMsg(Corp, new("wk", Bytes(n)))),
        ["128 bytes in token"] = (128, (api, n) => api.KfSyncMsg(Corp, new("wk", Token: Bytes(n)))),
    };

    /// <summary>Requests that lack something, or have two things that exclude each other.</summary>
    private static readonly Dictionary<string, Func<WeComApi, Task>> Wrong = new(StringComparer.Ordinal)
    {
        ["a remark, a description"] = api => api.ExternalContactRemark(Corp, new("u", "wm")),
        ["one of userid_list"] = api => api.ExternalContactBatchGetByUser(Corp, new([])),
        ["a tag to add or to remove"] = api => api.ExternalContactMarkTag(Corp, new("u", "wm", [], [])),
        ["a tag or a group"] = api => api.ExternalContactDelCorpTag(Corp, new()),
        ["the id or the name of the group"] = api => api.ExternalContactAddCorpTag(Corp, new([new("t")])),
        ["one of tag"] = api => api.ExternalContactAddCorpTag(Corp, new([]) { GroupId = "g" }),
        ["exactly 1 user"] = api => api.ExternalContactAddContactWay(Corp, new(1, 2) { User = ["u", "v"] }),
        ["a user or a party for type 2"] = api => api.ExternalContactAddContactWay(Corp, new(2, 2)),
        ["type 1 only where is_temp"] = api => api.ExternalContactAddContactWay(Corp, new(2, 2) { User = ["u"], IsTemp = true }),
        ["only where is_temp is set"] = api => api.ExternalContactAddContactWay(Corp, new(1, 2) { User = ["u"], ExpiresIn = 60 }),
        ["1 to 2 as scene"] = api => api.ExternalContactAddContactWay(Corp, new(2, 3) { User = ["u"] }),
        ["1 of image, link and miniprogram"] = api => api.ExternalContactUpdateContactWay(Corp, new("c") { Conclusions = new(Image: new("m"), Link: new("t", "u")) }),
        ["a text or an attachment"] = api => api.ExternalContactSendWelcomeMsg(Corp, new("code")),
        ["a media_id or a pic_url"] = api => api.ExternalContactSendWelcomeMsg(Corp, new("code", Attachments: [Attachment.OfImage(null)])),
        ["image, link, miniprogram, video and file"] = api => api.ExternalContactSendWelcomeMsg(Corp, new("code", Attachments: [new() { Msgtype = "image", Video = new("m") }])),
        ["needs welcome_code"] = api => api.ExternalContactSendWelcomeMsg(Corp, new("", new("t"))),
        ["a page_id or a cursor"] = api => api.ExternalContactGetUnassignedList(Corp, new(0, Cursor: "c")),
        ["a sender for groups"] = api => api.ExternalContactAddMsgTemplate(Corp, new() { ChatType = "group", Text = new("t") }),
        ["an external_userid, a tag or a sender"] = api => api.ExternalContactAddMsgTemplate(Corp, new() { Text = new("t") }),
        ["single and group"] = api => api.ExternalContactGetGroupMsgListV2(Corp, new("both", Now, Now)),
        ["attachments of 1 kind"] = api => api.ExternalContactAddMomentTask(Corp, new(Attachments: [MomentAttachment.OfImage("m"), MomentAttachment.OfVideo("m")])),
        ["ends before it begins"] = api => api.ExternalContactGetMomentList(Corp, new(Now, Now.AddSeconds(-1))),
        ["a userid or a partyid"] = api => api.ExternalContactGetUserBehaviorData(Corp, new(Day, Day)),
        ["a user or a department"] = api => api.ExternalContactCustomerAcquisitionCreateLink(Corp, new("n", new())),
        ["a priority_userid_list"] = api => api.ExternalContactCustomerAcquisitionUpdateLink(Corp, new("l", PriorityOption: new(2))),
        ["a touser, a toparty or a totag"] = api => api.MessageSend(Corp, new(), new StaffText("t")),
        ["no bar in it"] = api => api.MessageSend(Corp, new(["u|v"]), new StaffText("t")),
        ["needs text.content"] = api => api.MessageSend(Corp, StaffRecipients.All, new StaffText(" ")),
        ["a text or a menu"] = api => api.KfSendMsgOnEvent(Corp, "code", new KfImage("m")),
        ["a servicer_userid"] = api => api.KfServiceStateTrans(Corp, new("wk", "wm", 3)),
        ["more than 5 bytes"] = api => api.MediaUpload(Corp, new("a.txt", new byte[5])),
        ["20 MB as file"] = api => api.MediaUpload(Corp, new("a.bin", new byte[(20 * 1024 * 1024) + 1])),
        ["10 MB as image"] = api => api.MediaUpload(Corp, Jpeg((10 * 1024 * 1024) + 1)),
        ["2 MB as image"] = api => api.MediaUploadImg(Corp, Jpeg((2 * 1024 * 1024) + 1)),
        ["2 MB as voice"] = api => api.MediaUpload(Corp, new("a.amr", Starting("#!AMR\n"u8, (2 * 1024 * 1024) + 1))),
        ["JPG and PNG as image"] = api => api.MediaUpload(Corp, new("a.png", new byte[100]), MediaKind.Image),
        ["AMR as voice"] = api => api.MediaUpload(Corp, Jpeg(100), MediaKind.Voice),
    };

    public static TheoryData<string> Limits => [.. Growing.Keys];

    public static TheoryData<string> Rules => [.. Wrong.Keys];

    public void Dispose() => _wechat.Dispose();

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task At_a_limit_a_request_goes_and_over_it_nothing_is_sent(string says)
    {
        var (limit, call) = Growing[says];
        await call(_wechat.WeCom, limit);
        Assert.Equal(2, _wechat.Calls.Count);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => call(_wechat.WeCom, limit + 1));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, _wechat.Calls.Count);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_request_that_breaks_a_rule_is_not_sent(string says)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Wrong[says](_wechat.WeCom));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_wechat.Calls);
    }

    [Fact]
    public async Task A_refusal_does_not_quote_what_it_refuses()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _wechat.WeCom.ExternalContactRemark(Corp, new("u", "wm1") { Remark = "张三的私事" + Han(20) }));
        Assert.DoesNotContain("张三", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wm1", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(682, 682)]
    [InlineData(683, 681)]
    [InlineData(5000, 681)]
    public async Task A_text_to_colleagues_that_is_too_long_is_cut_between_characters_and_says_so(int length, int kept)
    {
        await _wechat.WeCom.MessageSend(Corp, StaffRecipients.All, new StaffText(Han(length)));
        // Three bytes each: 682 are 2046, 683 would be 2049; the ellipsis has three too.
        var expected = Han(kept) + (kept == length ? "" : "…");
        Assert.Contains($"\"content\":\"{expected}\"", _wechat.Calls[^1].Body, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(expected), 1, 2048);
    }

    [Theory]
    [InlineData(2044, "😀", "")]
    [InlineData(2045, "😀", "…")]
    [InlineData(2048, "", "")]
    [InlineData(2048, "a", null)]
    public void A_cut_is_never_inside_a_character(int ascii, string last, string? end)
    {
        var text = Bytes(ascii) + last;
        var cut = Cut.Bytes(text, 2048);
        Assert.Equal(end switch { "" => text, null => Bytes(2045) + "…", _ => Bytes(ascii) + end }, cut);
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), 0, 2048);
    }

    [Fact]
    public void A_title_is_cut_by_characters()
    {
        Assert.Equal(Emoji(128), Cut.Characters(Emoji(128), 128));
        Assert.Equal(Emoji(127) + "…", Cut.Characters(Emoji(129), 128));
        Assert.Equal(Han(128), Cut.Characters(Han(128), 128));
    }

    [Fact]
    public void A_file_is_what_its_first_bytes_are()
    {
        Assert.Equal(MediaKind.Image, Jpeg(10).Kind);
        Assert.Equal(MediaKind.Image, new MediaFile("a.txt", new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }).Kind);
        Assert.Equal(MediaKind.Voice, new MediaFile("a.jpg", Starting("#!AMR\n"u8, 10)).Kind);
        Assert.Equal(MediaKind.Video, new MediaFile("a", new byte[] { 0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70, 0x6D }).Kind);
        Assert.Equal(MediaKind.File, new MediaFile("a.jpg", Encoding.UTF8.GetBytes("GIF89a")).Kind);
        Assert.Equal(MediaKind.File, new MediaFile("a.jpg", default).Kind);
    }

    [Fact]
    public async Task A_file_name_cannot_leave_its_header()
    {
        await _wechat.WeCom.MediaUpload(Corp, new("a\"\r\nX-Evil: 1\r\n\r\n/../报告.txt", Encoding.UTF8.GetBytes("some text")));
        Assert.Contains("filename=\"aX-Evil: 1..报告.txt\"; filelength=9\r\n", _wechat.Calls[^1].Body, StringComparison.Ordinal);
        Assert.Equal("?access_token=t1&type=file", _wechat.Calls[^1].Query);
    }

    [Fact]
    public void A_state_that_WeCom_would_cut_is_refused()
    {
        var link = new AcquisitionLink { Url = "https://work.weixin.qq.com/ca/x?comp_scene=1" };
        Assert.Equal(link.Url + "&customer_channel=" + Bytes(64), link.For(Bytes(64)));
        Assert.Contains("64 bytes", Assert.Throws<ArgumentException>(() => link.For(Bytes(65))).Message, StringComparison.Ordinal);
    }

    private static string[] Ids(int count) => [.. Enumerable.Range(1, count).Select(n => $"id{n}")];

    private static string Han(int count) => new('茶', count);

    private static string Emoji(int count) => string.Concat(Enumerable.Repeat("😀", count));

    private static string Bytes(int count) => new('a', count);

    private static MediaFile Jpeg(int length) => new("a.jpg", Starting([0xFF, 0xD8, 0xFF, 0xE0], length));

    private static byte[] Starting(ReadOnlySpan<byte> start, int length)
    {
        var bytes = new byte[length];
        start.CopyTo(bytes);
        return bytes;
    }
}
