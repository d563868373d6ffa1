using System.Text.Json;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Rules;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Tests.Stages;

/// <summary>Each kind of answer: what it must have, what it needs at WeChat, and what goes there.</summary>
public sealed class ReplyActionTests
{
    private const string Thumb = """{"asset":"cover"}""";

    [Theory]
    [InlineData("""{"text":"好"}""", "text", null)]
    [InlineData("""{"news":{"title":"今日优惠","url":"https://example.com/a"}}""", "news", null)]
    [InlineData("""{"image":{"asset":"menu"}}""", "image", "menu")]
    [InlineData("""{"image":{"mediaId":"permanent"}}""", "image", null)]
    [InlineData("""{"voice":{"asset":"hello"}}""", "voice", "hello")]
    [InlineData("""{"video":{"media":{"asset":"brew"},"thumb":{"asset":"cover"},"title":"泡茶"}}""", "video", "brew cover*")]
    [InlineData("""{"music":{"url":"https://example.com/a.mp3","thumb":{"asset":"cover"},"title":"茶山"}}""", "music", "cover*")]
    [InlineData("""{"menu":{"head":"满意吗？","items":[{"id":"1","text":"满意"},{"id":"2","text":"不满意"}]}}""", "menu", null)]
    [InlineData("""{"miniProgram":{"appId":"wx0123456789abcdef","pagePath":"pages/order","title":"点单","thumb":{"asset":"cover"}}}""", "miniProgram", "cover")]
    [InlineData("""{"link":{"title":"门店","description":"地图","url":"https://example.com/m","thumbUrl":"https://example.com/t.jpg"}}""", "link", null)]
    [InlineData("""{"article":{"articleId":"abc"}}""", "article", null)]
    [InlineData("""{"card":{"cardId":"pFS7F"}}""", "card", null)]
    [InlineData("""{"transfer":{}}""", "transfer", null)]
    public void A_sound_answer_says_its_type_and_what_it_needs(string json, string type, string? needs)
    {
        var action = Read(json);
        Assert.Null(ReplyCheck.Fault(action));
        Assert.Equal(type, action.Type);
        Assert.Equal(needs ?? "", string.Join(' ', action.Needs().Select(n => n.Asset + (n.Thumb ? "*" : ""))));
    }

    [Theory]
    [InlineData("{}", "then: give either")]
    [InlineData("""{"text":"好","image":{"asset":"a"}}""", "then: give either")]
    [InlineData("""{"image":{}}""", "then.image: give either asset or mediaId.")]
    [InlineData("""{"image":{"asset":"a","mediaId":"b"}}""", "then.image: give either asset or mediaId.")]
    [InlineData("""{"image":{"asset":"Über"}}""", "then.image.asset: ")]
    [InlineData("""{"voice":{"mediaId":" "}}""", "then.voice.mediaId: must not be empty.")]
    [InlineData("""{"menu":{"head":"","items":[{"id":"1","text":"a"}]}}""", "then.menu.head: ")]
    [InlineData("""{"menu":{"head":"h","items":[]}}""", "then.menu.items: 1 to 10.")]
    [InlineData("""{"menu":{"head":"h","items":[{"id":"1","text":"a"},{"id":"1","text":"b"}]}}""", "then.menu.items: two have the same id.")]
    [InlineData("""{"menu":{"head":"h","items":[null]}}""", "then.menu.items: each needs an id and a text.")]
    [InlineData("""{"miniProgram":{"appId":"x","pagePath":"p","title":"t","thumb":{"asset":"a"}}}""", "then.miniProgram.appId: ")]
    [InlineData("""{"link":{"title":"t","description":"d","url":"javascript:alert(1)","thumbUrl":"https://example.com"}}""", "then.link.url: ")]
    [InlineData("""{"music":{"url":"ftp://example.com/a","thumb":{"asset":"a"}}}""", "then.music.url: ")]
    [InlineData("""{"card":{"cardId":""}}""", "then.card.cardId: ")]
    public void An_answer_that_WeChat_would_not_take_says_where_and_why(string json, string fault) =>
        Assert.StartsWith(fault, ReplyCheck.Fault(Read(json)), StringComparison.Ordinal);

    [Fact]
    public void Media_go_to_WeChat_by_the_ids_that_it_gave()
    {
        var ids = new Dictionary<NeededMedium, string> { [new("brew")] = "m1", [new("cover", Thumb: true)] = "m2", [new("cover")] = "m3" };
        Assert.Equal(
            new CustomVideo("o1", "m1", "m2", "泡茶", null),
            CustomMessages.Of("o1", Read($$$"""{"video":{"media":{"asset":"brew"},"thumb":{{{Thumb}}},"title":"泡茶"}}"""), ids));
        Assert.Equal(
            new CustomMusic("o1", "https://example.com/a.mp3", "https://example.com/a.mp3", "m2", "茶山", null),
            CustomMessages.Of("o1", Read($$$"""{"music":{"url":"https://example.com/a.mp3","thumb":{{{Thumb}}},"title":"茶山"}}"""), ids));
        Assert.Equal(
            new CustomMiniProgramPage("o1", "wx0123456789abcdef", "pages/order", "m3", "点单"),
            CustomMessages.Of("o1", Read($$$"""{"miniProgram":{"appId":"wx0123456789abcdef","pagePath":"pages/order","title":"点单","thumb":{{{Thumb}}}}}"""), ids));
        Assert.Equal(new CustomImage("o1", "permanent"), CustomMessages.Of("o1", Read("""{"image":{"mediaId":"permanent"}}"""), ids));
    }

    [Theory]
    [InlineData("""{"image":{"mediaId":"m"}}""", typeof(ImageReply))]
    [InlineData("""{"image":{"asset":"menu"}}""", null)] // there is no time to upload
    [InlineData("""{"menu":{"head":"h","items":[{"id":"1","text":"a"}]}}""", null)]
    [InlineData("""{"text":"好"}""", typeof(TextReply))]
    public void In_the_response_to_a_callback_only_some_can_stand(string json, Type? type) => Assert.Equal(type, Read(json).AsPassive()?.GetType());

    private static ReplyAction Read(string json) => JsonSerializer.Deserialize(json, RuleJson.Types.ReplyAction)!;
}
