using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Crm.Replies;

/// <summary>A rule's answer in the words of the customer-service interface. Pure.</summary>
public static class CustomMessages
{
    /// <param name="openId">The customer.</param>
    /// <param name="action">The answer; a hand-over to the desk cannot come here, since <see cref="ReplyRules.Obstacle"/> stands before it.</param>
    /// <param name="ids">The media ids of its assets.</param>
    public static CustomMessage Of(string openId, ReplyAction action, IReadOnlyDictionary<string, string> ids)
    {
        string Id(ReplyMedia media) => media.MediaId ?? ids[media.Asset!];
        return action switch
        {
            { News: { } news } => new CustomNews(openId, news.AsArticle()),
            { Image: { } image } => new CustomImage(openId, Id(image)),
            { Voice: { } voice } => new CustomVoice(openId, Id(voice)),
            { Video: { } video } => new CustomVideo(openId, Id(video.Media), Id(video.Thumb), video.Title, video.Description),
            { Music: { } music } => new CustomMusic(openId, Id(music.Thumb), music.Url.AbsoluteUri, (music.HqUrl ?? music.Url).AbsoluteUri, music.Title, music.Description),
            { Menu: { } menu } => new CustomMenu(openId, menu.Head, [.. menu.Items.Select(i => new CustomMenuItem(i.Id, i.Text))], menu.Tail),
            { MiniProgram: { } page } => new CustomMiniProgram(openId, page.Title, page.AppId, page.PagePath, Id(page.Thumb)),
            { Link: { } link } => new CustomLink(openId, link.Title, link.Description, link.Url.AbsoluteUri, link.ThumbUrl.AbsoluteUri),
            { Article: { } article } => new CustomArticle(openId, article.ArticleId),
            { Card: { } card } => new CustomCard(openId, card.CardId),
            _ => new CustomText(openId, action.Text!),
        };
    }
}
