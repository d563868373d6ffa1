using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.WeChat;

public sealed class WeComParserTests
{
    private const string Customer = "wmqinghe00000000000000000000001A";

    [Fact]
    public void Messages_carry_their_fields()
    {
        var text = WeComSamples.Of<StaffText>("wecom.message.text");
        Assert.Equal(("明天谁到人民广场店？ 👩‍🌾 <b>&amp;", 1000002, "zhangsan", 4561255354251345001), (text.Content, text.AgentId, text.StaffId, text.MsgId));
        var image = WeComSamples.Of<StaffImage>("wecom.message.image");
        Assert.Equal(("https://p.qpic.example/pic/0", "media-image-1"), (image.PicUrl, image.MediaId));
        var voice = WeComSamples.Of<StaffVoice>("wecom.message.voice");
        Assert.Equal(("media-voice-1", "amr"), (voice.MediaId, voice.Format));
        var video = WeComSamples.Of<StaffVideo>("wecom.message.video");
        Assert.Equal(("media-video-1", "media-thumb-1"), (video.MediaId, video.ThumbMediaId));
        var place = WeComSamples.Of<StaffPlace>("wecom.message.location");
        Assert.Equal((23.134, 113.358, 16, "广州市海珠区客村艺苑路 12 号", "wxwork"), (place.Latitude, place.Longitude, place.Scale, place.Label, place.AppType));
        var link = WeComSamples.Of<StaffLink>("wecom.message.link");
        Assert.Equal(("新品乌龙上市", "陈列要求", "https://tea.example/link?a=1&b=2", "https://tea.example/pic/1"), (link.Title, link.Description, link.Url, link.PicUrl));
        var file = WeComSamples.Of<UnknownStaffMessage>("wecom.message.unknown");
        Assert.Equal(("file", "排班.xlsx"), (file.RawName, file.Fields["FileName"]));
    }

    [Fact]
    public void Menu_events_carry_their_fields()
    {
        Assert.Equal("MENU_REPORT", WeComSamples.Of<StaffMenuEvent>("wecom.menu.click").EventKey);
        Assert.Equal("https://tea.example/staff?from=menu&x=1", WeComSamples.Of<StaffMenuEvent>("wecom.menu.view").EventKey);
        Assert.Equal("pages/staff/index", WeComSamples.Of<StaffMenuEvent>("wecom.menu.view_miniprogram").EventKey);
        var scan = WeComSamples.Of<StaffScanEvent>("wecom.menu.scancode_waitmsg");
        Assert.Equal(("MENU_SCAN", "qrcode", "member:0042"), (scan.EventKey, scan.ScanType, scan.ScanResult));
        var pictures = WeComSamples.Of<StaffPicturesEvent>("wecom.menu.pic_weixin");
        Assert.Equal(("MENU_PHOTO", 2), (pictures.EventKey, pictures.Count));
        Assert.Equal(["1b5f7c23b5bf75682a53e7b6d163e185", "5a75aaca956d97be686719218f275c6b"], pictures.Md5Sums);
        var place = WeComSamples.Of<StaffPlaceEvent>("wecom.menu.location_select");
        Assert.Equal((23.134, 113.358, "广州市海珠区客村艺苑路 12 号", "人民广场店"), (place.Latitude, place.Longitude, place.Label, place.PoiName));
        var report = WeComSamples.Of<StaffLocationEvent>("wecom.location_report");
        Assert.Equal((23.104, 113.320, 65.0, "wxwork"), (report.Latitude, report.Longitude, report.Precision, report.AppType));
        Assert.Equal(("zhangsan", 1000002), (report.StaffId, report.AgentId));
        Assert.Equal("zhangsan", WeComSamples.Of<EnterAgentEvent>("wecom.enter_agent").StaffId);
        // From sys: nobody did it.
        var alert = WeComSamples.Of<AgentEvent>("wecom.agent.inactive_alert");
        Assert.Equal((null, 1773021590), (alert.StaffId, alert.EffectTime));
    }

    [Fact]
    public void Cards_jobs_and_approvals_keep_the_official_misspellings()
    {
        var card = WeComSamples.Of<TemplateCardEvent>("wecom.card.click");
        Assert.Equal(("key-send", "task-42", "vote_interaction", "response-code-1"), (card.EventKey, card.TaskId, card.CardType, card.ResponseCode));
        Assert.Equal(["shift: morning,late", "store: square"], card.Choices.Select(c => $"{c.QuestionKey}: {string.Join(',', c.OptionIds)}"));
        var mended = WeComSamples.Text("wecom.card.click.xml").Replace("Opiton", "Option", StringComparison.Ordinal);
        Assert.Equal(2, Assert.IsType<TemplateCardEvent>(WeComSamples.Parse(mended)).Choices[0].OptionIds.Count);
        Assert.Empty(WeComSamples.Of<TemplateCardEvent>("wecom.card.menu").Choices);
        foreach (var form in new[] { "wecom.batch_job_result", "wecom.batch_job_result@flat" })
        {
            var job = WeComSamples.Of<BatchJobEvent>(form);
            Assert.Equal(("job-7", "sync_user", 0, "ok"), (job.JobId, job.JobType, job.ErrCode, job.ErrMsg));
        }

        var open = WeComSamples.Of<OpenApprovalEvent>("wecom.approval.open");
        Assert.Equal(("leave-0042", "template-1", 2, "zhangsan"), (open.ThirdNo, open.TemplateId, open.Status, open.ApplicantId));
        var sys = WeComSamples.Of<SysApprovalEvent>("wecom.approval.sys");
        Assert.Equal(("202603020001", "template-2", 1, 10, "zhangsan"), (sys.SpNo, sys.TemplateId, sys.Status, sys.Change, sys.ApplicantId));
    }

    [Theory] // the same in both forms, whatever is a list in one of them only
    [InlineData("wecom.customer.added")]
    [InlineData("wecom.chat.member_added")]
    [InlineData("wecom.tag.deleted")]
    [InlineData("wecom.card.click")]
    [InlineData("wecom.kf.notify")]
    [InlineData("wecom.kf.auth_changed")]
    [InlineData("wecom.batch_job_result")]
    public void JSON_says_what_XML_says(string kind) => Assert.Equivalent(
        WeComSamples.Parse(WeComSamples.Text(kind + ".xml")), WeComSamples.Parse(WeComSamples.Text(kind + ".json")), strict: true);

    [Fact]
    public void A_JSON_list_without_its_inner_name_is_read_too() => Assert.Equal(
        ["a", "b"],
        Assert.IsType<ChatEvent>(WeComSamples.Parse("""{"MsgType":"event","Event":"change_external_chat","ChangeType":"update","UpdateDetail":"del_member","ChatId":"c","MemChangeList":["a","b"]}""")).MemChangeList);

    [Theory] // in the company's own envelope and in a suite's
    [InlineData("")]
    [InlineData("@suite")]
    public void Contact_events_carry_their_fields(string form)
    {
        var added = WeComSamples.Of<ContactAdded>("wecom.customer.added" + form);
        Assert.Equal(("zhangsan", Customer, false, "poster-spring", "welcome-code-1", null), (added.StaffId, added.ExternalUserId, added.Half, added.State, added.WelcomeCode, added.LinkId));
        Assert.True(WeComSamples.Of<ContactAdded>("wecom.customer.half_added" + form).Half);
        Assert.Equal("poster-spring", WeComSamples.Of<ContactEdited>("wecom.customer.edited" + form).State);
        Assert.Equal("DELETE_BY_TRANSFER", WeComSamples.Of<ContactDeleted>("wecom.customer.deleted_by_staff" + form).Source);
        Assert.Equal(("zhangsan", Customer), (WeComSamples.Of<ContactLost>("wecom.customer.lost" + form).StaffId, WeComSamples.Of<ContactLost>("wecom.customer.lost" + form).ExternalUserId));
        Assert.Equal("customer_refused", WeComSamples.Of<TransferFailed>("wecom.customer.transfer_failed" + form).FailReason);
        Assert.Equal((form.Length > 0 ? "wwsuite0123456789a" : null, form.Length > 0 ? "" : "sys"), (added.SuiteId, added.FromUserName));
    }

    [Fact]
    public void Notices_and_acquisition_events_carry_their_fields()
    {
        Assert.Equal("welcome-code-3", WeComSamples.Of<ArchiveApproved>("wecom.archive.approved").WelcomeCode);
        var started = WeComSamples.Of<AcquisitionEvent>("wecom.acquisition.customer_start_chat");
        Assert.Equal(("zhangsan", Customer, "cawcdeqinghe1", "channel-7"), (started.StaffId, started.ExternalUserId, started.LinkId, started.State));
        var wrote = WeComSamples.Of<AcquisitionEvent>("wecom.acquisition.message_from_customer");
        Assert.Equal((null, null, "chat-key-1"), (wrote.StaffId, wrote.ExternalUserId, wrote.ChatKey));
        var expires = WeComSamples.Of<AcquisitionEvent>("wecom.acquisition.quota_expire_soon");
        Assert.Equal((1773021590, 120), (expires.At, expires.Amount));
        var price = WeComSamples.Of<AcquisitionEvent>("wecom.acquisition.change_price");
        Assert.Equal((1773021590, 30000), (price.At, price.Amount));
        Assert.Equal("once-key-1", WeComSamples.Of<AcquisitionEvent>("wecom.acquisition.service_balance_consumed").OnceKey);
        var kf = WeComSamples.Of<KfNotify>("wecom.kf.notify");
        Assert.Equal(("wkqinghekf1", "kf-token-1", ""), (kf.OpenKfId, kf.Token, kf.FromUserName));
        var accounts = WeComSamples.Of<KfAuthChanged>("wecom.kf.auth_changed");
        Assert.Equal(["wkqinghekf1", "wkqinghekf2"], accounts.Added);
        Assert.Equal(["wkqinghekf3"], accounts.Removed);
        Assert.Equal(1000002, WeComSamples.Of<ArchiveNotify>("wecom.archive.notify").AgentId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@suite")]
    public void Groups_and_tags_carry_their_fields(string form)
    {
        var joined = WeComSamples.Of<ChatEvent>("wecom.chat.member_added" + form);
        Assert.Equal(("wrqinghechat000000000000000001AQ", 3, null, 2), (joined.ChatId, joined.JoinScene, joined.QuitScene, joined.MemChangeCnt));
        Assert.Equal([Customer, "zhangsan"], joined.MemChangeList);
        Assert.Equal(("6ebe7c3f89cb839ec2e1720f04eae2e0", "15722766561cf8bce92480a3d1457654"), (joined.LastMemVer, joined.CurMemVer));
        Assert.Equal((null, 1), (WeComSamples.Of<ChatEvent>("wecom.chat.member_left" + form).JoinScene, WeComSamples.Of<ChatEvent>("wecom.chat.member_left" + form).QuitScene));
        // As captured: versions without a list.
        var renamed = WeComSamples.Of<ChatEvent>("wecom.chat.renamed" + form);
        Assert.Equal((0, "15722766561cf8bce92480a3d1457654"), (renamed.MemChangeList.Count, renamed.CurMemVer));
        var tag = WeComSamples.Of<TagEvent>("wecom.tag.created" + form);
        Assert.Equal(("etqinghe-tag-1", "tag", "1"), (tag.Id, tag.TagType, tag.StrategyId));
        var shuffled = WeComSamples.Of<TagEvent>("wecom.tag.shuffled" + form);
        Assert.Equal(("etqinghe-group-1", null, "1"), (shuffled.Id, shuffled.TagType, shuffled.StrategyId));
    }

    [Fact]
    public void The_address_book_carries_its_fields()
    {
        var renamed = WeComSamples.Of<StaffChanged>("wecom.staff.update_user");
        Assert.Equal(("lisi", "lisi.new"), (renamed.StaffId, renamed.NewUserId));
        var party = WeComSamples.Of<StaffChanged>("wecom.staff.create_party");
        Assert.Equal((null, "2", "1"), (party.StaffId, party.PartyId, party.ParentId));
        var tag = WeComSamples.Of<StaffChanged>("wecom.staff.update_tag");
        Assert.Equal(("1", "zhangsan,lisi", "wangwu", "1,2", "3"), (tag.TagId, string.Join(',', tag.AddUserItems), string.Join(',', tag.DelUserItems), string.Join(',', tag.AddPartyItems), string.Join(',', tag.DelPartyItems)));
    }

    [Theory] // one second name in two families; what has none; what has another case than is printed
    [InlineData("change_external_chat", "create", "wecom.chat.created")]
    [InlineData("change_external_tag", "create", "wecom.tag.created")]
    [InlineData("change_external_contact", "del_follow_user", "wecom.customer.lost")]
    [InlineData("customer_acquisition", "del_follow_user", "wecom.acquisition.del_follow_user")]
    [InlineData("change_external_contact", "create", "wecom.event.unknown")]
    [InlineData("change_external_contact", "", "wecom.event.unknown")]
    [InlineData("change_external_contact", "hologram", "wecom.event.unknown")]
    [InlineData("customer_acquisition", "<b>", "wecom.event.unknown")]
    [InlineData("change_contact", "../../etc", "wecom.event.unknown")]
    [InlineData("change_external_chat", "update", "wecom.event.unknown")] // without its detail
    [InlineData("security", "other", "wecom.event.unknown")]
    [InlineData("CLICK", "", "wecom.event.unknown")]
    [InlineData("location", "", "wecom.event.unknown")]
    [InlineData("Change_External_Contact", "add_external_contact", "wecom.event.unknown")]
    [InlineData("", "", "wecom.event.unknown")]
    public void The_first_name_decides_then_the_second(string name, string change, string kind)
    {
        foreach (var fields in new[] { $"<MsgType>event</MsgType><Event> <![CDATA[{name}]]> </Event>", $"<InfoType><![CDATA[{name}]]></InfoType>" })
        {
            if (name.Length == 0 && fields.StartsWith("<InfoType", StringComparison.Ordinal)) continue;
            var callback = WeComSamples.Parse($"<xml>{fields}<ChangeType><![CDATA[{change}]]></ChangeType></xml>");
            Assert.Equal((kind, name), (callback.Kind, callback.RawName));
            if (kind == WeComKinds.UnknownEvent && change.Length > 0) Assert.Equal(change, callback.Fields["ChangeType"]);
        }
    }

    [Theory]
    [InlineData("<xml><FromUserName>zhangsan</FromUserName></xml>", "no MsgType")]
    [InlineData("<xml><MsgType>text</MsgType><Content>x</Content></xml>", "no FromUserName")]
    [InlineData("<!DOCTYPE x><xml><MsgType>event</MsgType></xml>", "dtd")]
    public void What_is_no_callback_of_WeCom_is_refused(string payload, string expected)
    {
        Assert.False(ChannelParser.TryParse(payload, Channel.WeCom, out _, out var reason));
        Assert.Equal(expected, reason);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("7", 7L)]
    public void A_MsgId_that_names_nothing_is_none(string msgId, long? expected)
    {
        Assert.Equal(expected, WeComSamples.Parse($"<xml><FromUserName>z</FromUserName><MsgType>text</MsgType><MsgId>{msgId}</MsgId></xml>").MsgId);
        // An event is known by its content, whatever it names so.
        Assert.Null(WeComSamples.Parse($"<xml><FromUserName>sys</FromUserName><MsgType>event</MsgType><Event>click</Event><MsgId>{msgId}</MsgId></xml>").MsgId);
    }

    [Fact]
    public void One_name_is_two_things_in_two_channels()
    {
        const string payload = "<xml><FromUserName>x</FromUserName><MsgType>event</MsgType><Event>subscribe</Event></xml>";
        Assert.True(ChannelParser.TryParse(payload, Channel.OfficialAccount, out var follower, out _));
        Assert.True(ChannelParser.TryParse(payload, Channel.WeCom, out var colleague, out _));
        Assert.Equal(("oa.subscribe", "wecom.agent.subscribe"), (follower.Kind, colleague.Kind));
    }

    [Fact]
    public void No_place_on_Earth_is_an_unknown_message_and_an_unknown_event()
    {
        Assert.Equal(WeComKinds.UnknownMessage, WeComSamples.Parse("<xml><FromUserName>z</FromUserName><MsgType>location</MsgType><Location_X>91</Location_X><Location_Y>0</Location_Y></xml>").Kind);
        Assert.Equal(WeComKinds.UnknownEvent, WeComSamples.Parse("<xml><FromUserName>z</FromUserName><MsgType>event</MsgType><Event>LOCATION</Event></xml>").Kind);
    }
}
