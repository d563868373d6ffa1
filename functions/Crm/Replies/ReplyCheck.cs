using System.Text;
using System.Text.RegularExpressions;

namespace CrmServerless.Crm.Replies;

/// <summary>Whether WeChat will take a rule's answer. Every message says where and why.</summary>
public static partial class ReplyCheck
{
    private const int MaxTitle = 128;
    private const int MaxDescription = 512;
    private const int MaxTextBytes = 2048;
    private const int MaxMenuItems = 10;

    /// <summary>Null: it is sound.</summary>
    public static string? Fault(ReplyAction action) => action switch
    {
        { Count: not 1 } => "then: give either text, news or transfer, or one of image, voice, video, music, menu, miniProgram, link, article, card.",
        { Transfer.KfAccount: { } agent } when !KfAccount().IsMatch(agent) => "then.transfer.kfAccount: expected the agent's full name, name@gh_id; leave it out for any agent.",
        { Text: { } text } => Text("text", text),
        { News: { } news } => Title("news", news.Title) ?? Description("news", news.Description) ?? Web("news.url", news.Url) ?? Web("news.picUrl", news.PicUrl),
        { Image: { } image } => Medium("image", image),
        { Voice: { } voice } => Medium("voice", voice),
        { Video: { } video } => Medium("video.media", video.Media) ?? Medium("video.thumb", video.Thumb) ?? Long("video", video.Title, video.Description),
        { Music: { } music } => Medium("music.thumb", music.Thumb) ?? Web("music.url", music.Url) ?? Web("music.hqUrl", music.HqUrl) ?? Long("music", music.Title, music.Description),
        { Menu: { } menu } => Menu(menu),
        { MiniProgram: { } page } => Title("miniProgram", page.Title) ?? Medium("miniProgram.thumb", page.Thumb) ?? MiniProgram(page),
        { Link: { } link } => Title("link", link.Title) ?? Description("link", link.Description) ?? Web("link.url", link.Url) ?? Web("link.thumbUrl", link.ThumbUrl),
        { Article.ArticleId: { } id } when string.IsNullOrWhiteSpace(id) => "then.article.articleId: must not be empty.",
        { Card.CardId: { } id } when string.IsNullOrWhiteSpace(id) => "then.card.cardId: must not be empty.",
        _ => null,
    };

    private static string? Text(string where, string text) =>
        string.IsNullOrWhiteSpace(text) ? $"then.{where}: must not be empty."
        : Encoding.UTF8.GetByteCount(text) > MaxTextBytes ? $"then.{where}: at most {MaxTextBytes} bytes of UTF-8." : null;

    private static string? Title(string where, string title) =>
        string.IsNullOrWhiteSpace(title) || title.Length > MaxTitle ? $"then.{where}.title: 1 to {MaxTitle} characters." : null;

    private static string? Description(string where, string? description) =>
        description?.Length > MaxDescription ? $"then.{where}.description: at most {MaxDescription} characters." : null;

    private static string? Long(string where, string? title, string? description) =>
        title?.Length > MaxTitle ? $"then.{where}.title: at most {MaxTitle} characters." : Description(where, description);

    private static string? Web(string where, Uri? url) =>
        url is null || (url.IsAbsoluteUri && url.Scheme is "http" or "https") ? null : $"then.{where}: expected an http or https address.";

    private static string? Medium(string where, ReplyMedia media) => media switch
    {
        { Asset: null, MediaId: null } or { Asset: not null, MediaId: not null } => $"then.{where}: give either asset or mediaId.",
        { Asset: { } asset } when !MediaAssets.IsName(asset) => $"then.{where}.asset: 1 to 40 of a-z, 0-9 and -.",
        { MediaId: { } id } when string.IsNullOrWhiteSpace(id) => $"then.{where}.mediaId: must not be empty.",
        _ => null,
    };

    private static string? Menu(ReplyMenu menu) =>
        Text("menu.head", menu.Head)
        ?? (menu.Items.Count is < 1 or > MaxMenuItems ? $"then.menu.items: 1 to {MaxMenuItems}." : null)
        ?? (menu.Items.Any(i => i is null || string.IsNullOrWhiteSpace(i.Id) || string.IsNullOrWhiteSpace(i.Text)) ? "then.menu.items: each needs an id and a text." : null)
        ?? (menu.Items.DistinctBy(i => i.Id).Count() < menu.Items.Count ? "then.menu.items: two have the same id." : null);

    private static string? MiniProgram(ReplyMiniProgram page) =>
        !MiniProgramAppId().IsMatch(page.AppId) ? "then.miniProgram.appId: wx and 16 letters or digits."
        : string.IsNullOrWhiteSpace(page.PagePath) ? "then.miniProgram.pagePath: must not be empty." : null;

    [GeneratedRegex(@"\A[^\s@]{1,64}@[^\s@]{1,64}\z")]
    private static partial Regex KfAccount();

    [GeneratedRegex(@"\Awx[0-9a-zA-Z]{16}\z")]
    private static partial Regex MiniProgramAppId();
}
