using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Crm.Replies;

/// <summary>A rule's answer in the words of the customer-service interface. Pure.</summary>
public static class CustomMessages
{
    /// <param name="openId">The customer.</param>
    /// <param name="action">The answer; a hand-over to the desk cannot come here, since <see cref="ReplyRules.Obstacle"/> stands before it.</param>
    /// <param name="ids">The media ids of its assets.</param>
    public static CustomMessage Of(string openId, ReplyAction action, IReadOnlyDictionary<NeededMedium, string> ids)
    {
        string Id(ReplyMedia media) => media.MediaId ?? ids[new NeededMedium(media.Asset!)];
        string Thumb(ReplyMedia media) => media.MediaId ?? ids[new NeededMedium(media.Asset!, Thumb: true)];
        return action switch
        {
            { News: { } news } => new CustomNews(openId, news.AsArticle()),
            { Image: { } image } => new CustomImage(openId, Id(image)),
            { Voice: { } voice } => new CustomVoice(openId, Id(voice)),
            { Video: { } video } => new CustomVideo(openId, Id(video.Media), Thumb(video.Thumb), video.Title, video.Description),
            { Music: { } music } => new CustomMusic(openId, music.Url.AbsoluteUri, (music.HqUrl ?? music.Url).AbsoluteUri, Thumb(music.Thumb), music.Title, music.Description),
            { Menu: { } menu } => new CustomMenu(openId, menu.Head, [.. menu.Items.Select(i => new CustomMenuItem(i.Id, i.Text))], menu.Tail),
            { MiniProgram: { } page } => new CustomMiniProgramPage(openId, page.AppId, page.PagePath, Id(page.Thumb), page.Title),
            { Link: { } link } => new CustomLink(openId, link.Title, link.Description, link.Url.AbsoluteUri, link.ThumbUrl.AbsoluteUri),
            { Article: { } article } => new CustomPublished(openId, article.ArticleId),
            { Card: { } card } => new CustomCard(openId, card.CardId),
            _ => new CustomText(openId, action.Text!),
        };
    }
}
