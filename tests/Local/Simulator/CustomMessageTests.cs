using System.Text;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Customer-service messages: their types, limits and windows (fact sheet F.1, F.2, F.4).</summary>
public sealed class CustomMessageTests : IDisposable
{
    private const string Send = "cgi-bin/message/custom/send";

    public static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5, 6];
    public static readonly byte[] Mp4 = [0, 0, 0, 0x18, .. "ftypmp42"u8, 0, 0, 0, 0];
    public static readonly byte[] Amr = [.. "#!AMR\n"u8, 0x3C, .. new byte[31]];

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("""{"msgtype":"text","text":{"content":"你好 😀"}}""", "text")]
    [InlineData("""{"msgtype":"image","image":{"media_id":"IMAGE"}}""", "image")]
    [InlineData("""{"msgtype":"voice","voice":{"media_id":"VOICE"}}""", "voice")]
    [InlineData("""{"msgtype":"video","video":{"media_id":"VIDEO","thumb_media_id":"THUMB","title":"t","description":"d"}}""", "video")]
    [InlineData("""{"msgtype":"music","music":{"title":"t","description":"d","musicurl":"http://m","hqmusicurl":"http://h","thumb_media_id":"THUMB"}}""", "music")]
    [InlineData("""{"msgtype":"news","news":{"articles":[{"title":"t","description":"d","url":"http://u","picurl":"http://p"}]}}""", "news")]
    [InlineData("""{"msgtype":"mpnewsarticle","mpnewsarticle":{"article_id":"A"}}""", "mpnewsarticle")]
    [InlineData("""{"msgtype":"msgmenu","msgmenu":{"head_content":"满意吗？","list":[{"id":"101","content":"满意"},{"id":"102","content":"不满意"}],"tail_content":"谢谢"}}""", "msgmenu")]
    [InlineData("""{"msgtype":"wxcard","wxcard":{"card_id":"C"}}""", "wxcard")]
    [InlineData("""{"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","appid":"wx1","pagepath":"p","thumb_media_id":"THUMB"}}""", "miniprogrampage")]
    [InlineData("""{"msgtype":"link","link":{"title":"t","description":"d","url":"http://u","thumb_url":"http://t"}}""", "link")]
    public async Task Every_type_arrives_on_the_phone(string body, string type)
    {
        Assert.Equal(0, (await SendRaw(await WithMedia(body))).Code);
        var message = Assert.Single(await rig.Phone("oOne"));
        Assert.Equal(type, message.Type);
    }

    [Theory]
    [InlineData("""{"msgtype":"text","text":{"content":""}}""", 44004)]
    [InlineData("""{"msgtype":"text","text":{}}""", 44004)]
    [InlineData("""{"msgtype":"text"}""", 47001)]
    [InlineData("""{"msgtype":"carrier_pigeon","carrier_pigeon":{}}""", 40008)]
    [InlineData("""{"text":{"content":"hi"}}""", 40008)]
    [InlineData("""{"msgtype":"text","text":{"content":"hi"},"image":{"media_id":"IMAGE"}}""", 47001)] // another type's field
    [InlineData("""{"msgtype":"text","text":{"content":"hi","colour":"red"}}""", 47001)]
    [InlineData("""{"msgtype":"news","news":{"articles":[{"title":"1"},{"title":"2"}]}}""", 45008)]
    [InlineData("""{"msgtype":"news","news":{"articles":[]}}""", 44003)]
    [InlineData("""{"msgtype":"image","image":{"media_id":"none"}}""", 40007)]
    [InlineData("""{"msgtype":"image","image":{"media_id":"VOICE"}}""", 40007)] // of another type
    [InlineData("""{"msgtype":"image","image":{}}""", 40007)]
    [InlineData("""{"msgtype":"text","text":{"content":"hi"},"customservice":{"kf_account":"nobody@gh_test"}}""", 65401)]
    public async Task What_the_documentation_does_not_allow_is_refused(string body, int code) => Assert.Equal(code, (await SendRaw(await WithMedia(body))).Code);

    [Theory]
    [InlineData(2048, 0)]
    [InlineData(2049, 45002)]
    public async Task A_text_has_2048_bytes(int bytes, int code) => Assert.Equal(code, (await SendText("oOne", new string('a', bytes))).Code);

    [Theory]
    [InlineData(682, 0)] // 2,046 bytes of Chinese
    [InlineData(683, 45002)]
    public async Task Bytes_count_and_not_characters(int characters, int code)
    {
        Assert.Equal(characters * 3, Encoding.UTF8.GetByteCount(new string('茶', characters)));
        Assert.Equal(code, (await SendText("oOne", new string('茶', characters))).Code);
    }

    [Fact]
    public async Task Media_are_over_after_three_days()
    {
        var body = await WithMedia("""{"msgtype":"image","image":{"media_id":"IMAGE"}}""");
        rig.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(0, (await SendRaw(body)).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(40007, (await SendRaw(body)).Code);
    }

    [Fact]
    public async Task Five_within_48_hours_of_a_message_and_then_45047()
    {
        rig.Follower("oOne", "oa.message.text");
        for (var n = 0; n < 5; n++) Assert.Equal(0, (await SendText("oOne")).Code);
        Assert.Equal(45047, (await SendText("oOne")).Code);
        rig.Follower("oOne", "oa.message.text");
        Assert.Equal(0, (await SendText("oOne")).Code);
    }

    [Fact]
    public async Task After_48_hours_it_is_45015()
    {
        rig.Follower("oOne", "oa.message.text");
        rig.Clock.Advance(TimeSpan.FromHours(48) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await SendText("oOne")).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(45015, (await SendText("oOne")).Code);
    }

    [Theory]
    [InlineData("oa.subscribe")]
    [InlineData("oa.scan")]
    [InlineData("oa.menu.click")]
    [InlineData("oa.menu.scancode_push")]
    [InlineData("oa.menu.scancode_waitmsg")]
    public async Task Three_within_a_minute_of_a_follow_a_scan_or_a_click(string kind)
    {
        rig.Follower("oOne", "oa.subscribe");
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(45015, (await SendText("oOne")).Code);
        rig.Follower("oOne", kind);
        for (var n = 0; n < 3; n++) Assert.Equal(0, (await SendText("oOne")).Code);
        Assert.Equal(45047, (await SendText("oOne")).Code);
        rig.Follower("oOne", kind);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(45015, (await SendText("oOne")).Code);
    }

    [Theory]
    [InlineData("oa.menu.view")]
    [InlineData("oa.location_report")]
    [InlineData("oa.menu.pic_sysphoto")]
    public async Task Nothing_else_opens_a_window(string kind)
    {
        rig.Follower("oOne", "oa.subscribe");
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        rig.Follower("oOne", kind);
        Assert.Equal(45015, (await SendText("oOne")).Code);
    }

    [Fact]
    public async Task Who_has_left_is_45015_who_is_blacklisted_43019_and_who_only_follows_45015()
    {
        rig.Follower("oGone", "oa.unsubscribe");
        Assert.Equal(45015, (await SendText("oGone")).Code);
        await rig.Oa("cgi-bin/tags/members/batchblacklist", new { openid_list = new[] { "oBad" } });
        Assert.Equal(43019, (await SendText("oBad")).Code);
        rig.State.Crowd.Count = 1;
        Assert.Equal(45015, (await SendText(rig.State.Crowd.OpenIds(0, 1)[0])).Code);
    }

    [Fact]
    public async Task An_openid_that_is_none_or_a_stranger_s_is_40003()
    {
        rig.Follower("oStranger", "oa.message.text", account: "other");
        Assert.Equal(40003, (await SendText("no openid!")).Code);
        Assert.Equal(40003, (await SendText("oStranger")).Code);
        Assert.Equal(0, (await rig.Oa(Send, new { touser = "oStranger", msgtype = "text", text = new { content = "hi" } }, account: "other")).Code);
    }

    [Fact]
    public async Task Typing_wants_a_message_within_30_seconds_and_is_not_repeated()
    {
        const string Typing = "cgi-bin/message/custom/typing";
        rig.Follower("oOne", "oa.message.text");
        Assert.Equal(45072, (await rig.Oa(Typing, new { touser = "oOne", command = "Shouting" })).Code);
        Assert.Equal(0, (await rig.Oa(Typing, new { touser = "oOne", command = "Typing" })).Code);
        Assert.Equal(45081, (await rig.Oa(Typing, new { touser = "oOne", command = "Typing" })).Code);
        Assert.Equal(0, (await rig.Oa(Typing, new { touser = "oOne", command = "CancelTyping" })).Code);
        Assert.Equal(0, (await rig.Oa(Typing, new { touser = "oOne", command = "Typing" })).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(45080, (await rig.Oa(Typing, new { touser = "oOne", command = "Typing" })).Code);
    }

    [Fact]
    public async Task A_menu_shows_its_items_and_the_desk_its_name()
    {
        await SendRaw("""{"touser":"oOne","msgtype":"msgmenu","msgmenu":{"head_content":"满意吗？","list":[{"id":"101","content":"满意"}],"tail_content":"谢谢"},"customservice":{"kf_account":"kf2001@gh_test"}}""");
        var message = Assert.Single(await rig.Phone("oOne"));
        Assert.Equal(("满意吗？", "谢谢", "小青"), (message.Content, message.Tail, message.Agent));
        Assert.Equal(("101", "满意"), (message.Menu![0].Id, message.Menu[0].Content));
    }

    private Task<Answer> SendText(string openId, string content = "你好") => rig.Oa(Send, new { touser = openId, msgtype = "text", text = new { content } });

    private Task<Answer> SendRaw(string body) => rig.Oa(Send, body.Contains("touser", StringComparison.Ordinal) ? body : body.Insert(1, "\"touser\":\"oOne\","));

    private async Task<string> WithMedia(string body)
    {
        foreach (var (mark, type, bytes) in new[] { ("IMAGE", "image", Jpeg), ("VOICE", "voice", Amr), ("VIDEO", "video", Mp4), ("THUMB", "thumb", Jpeg) })
        {
            if (!body.Contains(mark, StringComparison.Ordinal)) continue;
            var uploaded = (await rig.Upload("cgi-bin/media/upload?type=" + type, bytes)).Json;
            body = body.Replace(mark, uploaded.GetProperty(type == "thumb" ? "thumb_media_id" : "media_id").GetString(), StringComparison.Ordinal);
        }

        return body;
    }
}
