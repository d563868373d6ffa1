using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.WeChat;

/// <summary>One file per kind under samples/oa, named after the kind: a new file is a new test.</summary>
public sealed class OaSampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples", "oa");

    private static readonly string[] OnDisk = [.. Directory.EnumerateFiles(Folder, "*.xml").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    public static TheoryData<string> KindsOnDisk => [.. OnDisk];

    [Theory]
    [MemberData(nameof(KindsOnDisk))]
    public void A_sample_parses_into_the_kind_it_is_named_after(string kind)
    {
        var callback = Sample(kind);

        Assert.Equal(kind, callback.Kind);
        Assert.Equal("gh_7f083739789a", callback.ToUserName);
        Assert.Equal("oia2TjuEGTNoeX76QEjQNrcURxG8", callback.FromUserName);
        Assert.Equal(1348831860, callback.CreateTime);
        Assert.Equal(kind.StartsWith("oa.message.", StringComparison.Ordinal) ? 23456789012345678 : null, callback.MsgId);
        Assert.Equal(kind.EndsWith(".unknown", StringComparison.Ordinal), callback.Fields.Count > 0);
        Assert.Equal(kind, callback.ToString());
    }

    [Fact]
    public void Every_kind_has_a_sample()
    {
        var kinds = typeof(Kinds).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Empty(kinds.Except(OnDisk));
    }

    [Fact]
    public void Each_record_carries_its_fields()
    {
        var text = Assert.IsType<TextMessage>(Sample(Kinds.Text));
        Assert.Equal(("新品乌龙什么时候到店？👩‍🌾 <b>&amp;", null), (text.Content, text.BizMsgMenuId));
        var image = Assert.IsType<ImageMessage>(Sample(Kinds.Image));
        Assert.Equal(("http://mmbiz.qpic.cn/mmbiz_jpg/abc/0", "media-image-1"), (image.PicUrl, image.MediaId));
        var voice = Assert.IsType<VoiceMessage>(Sample(Kinds.Voice));
        Assert.Equal(("media-voice-1", "amr", "我要两杯奶茶"), (voice.MediaId, voice.Format, voice.Recognition));
        var video = Assert.IsType<VideoMessage>(Sample(Kinds.Video));
        Assert.Equal(("media-video-1", "media-thumb-1"), (video.MediaId, video.ThumbMediaId));
        var shortVideo = Assert.IsType<ShortVideoMessage>(Sample(Kinds.ShortVideo));
        Assert.Equal(("media-short-1", "media-thumb-2"), (shortVideo.MediaId, shortVideo.ThumbMediaId));
        var place = Assert.IsType<LocationMessage>(Sample(Kinds.Location));
        Assert.Equal((23.134521, 113.358803, 20, "广州市天河区 林和西路"), (place.Latitude, place.Longitude, place.Scale, place.Label));
        var link = Assert.IsType<LinkMessage>(Sample(Kinds.Link));
        Assert.Equal(("公众平台官网链接", "官网", "https://mp.weixin.qq.com/?a=1&b=2"), (link.Title, link.Description, link.Url));
    }

    [Fact]
    public void Each_event_carries_its_fields()
    {
        var subscribe = Assert.IsType<SubscribeEvent>(Sample(Kinds.Subscribe));
        Assert.Equal(("store-42", "gQH47joAAAAAAAAAASxo", null), (subscribe.Scene, subscribe.Ticket, subscribe.EventKey));
        Assert.IsType<UnsubscribeEvent>(Sample(Kinds.Unsubscribe));
        // Only a follow has the prefix: here it belongs to the scene.
        var scan = Assert.IsType<ScanEvent>(Sample(Kinds.Scan));
        Assert.Equal(("qrscene_looks_like_a_prefix", "gQH47joAAAAAAAAAASxo"), (scan.Scene, scan.Ticket));
        var report = Assert.IsType<LocationReportEvent>(Sample(Kinds.LocationReport));
        Assert.Equal((23.137466, 113.352425, 119.38504), (report.Latitude, report.Longitude, report.Precision));
        Assert.Equal("MENU_NEW_TEA", Assert.IsType<MenuClickEvent>(Sample(Kinds.MenuClick)).MenuKey);
        var view = Assert.IsType<MenuViewEvent>(Sample(Kinds.MenuView));
        Assert.Equal(("https://tea.example/menu?from=oa", "415670742"), (view.Url, view.MenuId));
    }

    [Fact]
    public void Unknown_kinds_keep_their_name_and_every_leaf()
    {
        var message = Sample(Kinds.UnknownMessage);
        Assert.Equal("miniprogrampage", message.RawName);
        Assert.Equal("pages/index", message.Fields["PagePath"]);

        var happening = Sample(Kinds.UnknownEvent);
        Assert.Equal("scancode_waitmsg", happening.RawName);
        Assert.Equal("https://tea.example/t/7", happening.Fields["ScanCodeInfo.ScanResult"]);
        Assert.Equal("event", happening.Fields["MsgType"]);
    }

    private static Callback Sample(string kind)
    {
        Assert.True(CallbackParser.TryParse(File.ReadAllText(Path.Combine(Folder, kind + ".xml")), out var callback, out var reason), reason);
        return callback;
    }
}
