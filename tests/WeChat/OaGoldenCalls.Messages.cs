using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Tests.WeChat;

internal static partial class OaGoldenCalls
{
    private static void Messages()
    {
        void Custom(string kind, CustomMessage message) => Does("message.custom.send~" + kind, api => api.CustomSend(A, message));
        Custom("text", new CustomText("OPENID", "Hello World 你好 😀"));
        Custom("text-agent", new CustomText("OPENID", "Hello World") { KfAccount = "test1@kftest" });
        Custom("image", new CustomImage("OPENID", "MEDIA_ID"));
        Custom("voice", new CustomVoice("OPENID", "MEDIA_ID"));
        Custom("video", new CustomVideo("OPENID", "MEDIA_ID", "THUMB_ID", "TITLE", "DESCRIPTION"));
        Custom("music", new CustomMusic("OPENID", "MUSIC_URL", "HQ_MUSIC_URL", "THUMB_MEDIA_ID", "MUSIC_TITLE", "MUSIC_DESCRIPTION"));
        Custom("news", new CustomNews("OPENID", new Article("Happy Day", "Is Really A Happy Day", "PIC_URL", "URL")));
        Custom("mpnewsarticle", new CustomPublished("OPENID", "ARTICLE_ID"));
        Custom("msgmenu", new CustomMenu("OPENID", "您对本次服务是否满意呢? ", [new("101", "满意"), new("102", "不满意")], "欢迎再次光临"));
        Custom("wxcard", new CustomCard("OPENID", "123dsdajkasd231jhksad"));
        Custom("miniprogrampage", new CustomMiniProgramPage("OPENID", "appid", "pagepath", "thumb_media_id", "title"));
        Custom("link", new CustomLink("OPENID", "Happy Day", "Is Really A Happy Day", "URL", "THUMB_URL"));

        Does("message.custom.typing", api => api.CustomTyping(A, "OPENID", true));
        Does("message.custom.typing~cancel", api => api.CustomTyping(A, "OPENID", false));
        const string Template = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY";
        Answers(
            "message.template.send",
            api => api.TemplateSend(A, new TemplateMessage("OPENID", Template, new Dictionary<string, string> { ["keyword1"] = "巧克力", ["keyword2"] = "39.8元", ["keyword3"] = "2014年9月22日" })
            {
                Url = "http://weixin.qq.com/download", Miniprogram = new MiniProgramPage("xiaochengxuappid12345", "index?foo=bar"), ClientMsgId = "MSG_000001",
            }),
            sent => Assert.Equal(200228332, sent.Msgid));
        Answers(
            "message.template.send~plain",
            api => api.TemplateSend(A, new TemplateMessage("OPENID", Template, new Dictionary<string, string> { ["thing1"] = "巧克力" })),
            sent => Assert.Equal(3012345678901234567, sent.Msgid));
        Does("message.subscribe.bizsend", api => api.SubscribeBizSend(A, new SubscribeMessage(
            "OPENID", "TEMPLATEID", new Dictionary<string, string> { ["name1"] = "广州腾讯科技有限公司", ["thing8"] = "广州腾讯科技有限公司", ["time7"] = "2019年8月8日" })
        {
            Page = "mp.weixin.qq.com", Miniprogram = new MiniProgramPage("APPID", "index?foo=bar"),
        }));
    }

    private static void Media()
    {
        byte[] picture = [0xFF, 0xD8, 0xFF, 0xE0, .. "picture"u8];
        Answers("media.upload", api => api.MediaUpload(A, picture, false), made =>
        {
            Assert.Equal(("image", "MEDIA_ID", DateTimeOffset.FromUnixTimeSeconds(1672500000)), (made.Type, made.MediaId, made.CreatedAt));
            // 2022-12-31 15:20 UTC and three days.
            Assert.Equal(new DateTimeOffset(2023, 1, 3, 15, 20, 0, TimeSpan.Zero), made.ExpiresAt);
        });
        Answers("media.upload~thumb", api => api.MediaUpload(A, picture, true), made => Assert.Equal(("thumb", "THUMB_MEDIA_ID"), (made.Type, made.MediaId)));
        byte[] video = [0, 0, 0, 0x20, .. "ftypisom"u8, 0, 0, 2, 0];
        Answers("media.upload~video", api => api.MediaUpload(A, video, false), made => Assert.Equal(
            ("video", "VIDEO_ID", DateTimeOffset.FromUnixTimeSeconds(1380000000)), (made.Type, made.MediaId, made.CreatedAt)));
        Answers("media.get", api => api.MediaGet(A, "MEDIA_ID"), medium =>
        {
            Assert.Equal(picture, medium.Bytes.ToArray());
            Assert.Equal(("image/jpeg", "MEDIA_ID.jpg", null), (medium.ContentType, medium.FileName, medium.VideoUrl));
        });
        Answers("media.get~video", api => api.MediaGet(A, "MEDIA_ID"), medium => Assert.Equal(
            ("http://vweixinp.tc.qq.com/DOWN_URL", 0, null), (medium.VideoUrl, medium.Bytes.Length, medium.ContentType)));

        void Code(string file, QrCode code, long seconds) => Answers(file, api => api.QrCodeCreate(A, code), ticket =>
        {
            Assert.Equal((seconds, "http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI"), (ticket.ExpireSeconds, ticket.Url));
            Assert.Equal(
                "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJAAIEZ23sUwMEmm3sUw%3D%3D",
                ticket.Image.AbsoluteUri);
        });
        Code("qrcode.create", QrCode.Temporary(123, TimeSpan.FromDays(7)), 604800);
        Code("qrcode.create~text", QrCode.Temporary("test", TimeSpan.FromDays(7)), 604800);
        Code("qrcode.create~limit", QrCode.Permanent(123), 0);
        Code("qrcode.create~limit-text", QrCode.Permanent("test"), 0);
    }
}
