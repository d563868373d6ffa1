using System.Text.Json;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>What of a customer-service message the customer sees.</summary>
public static class CustomMessageReading
{
    public static PhoneMessage Read(Call call, string openId, string type, JsonElement content)
    {
        var message = new PhoneMessage(call.Account.Name, openId, type, null, null, call.Now)
        {
            MediaId = content.TextOrNull("media_id"), ThumbMediaId = content.TextOrNull("thumb_media_id"),
            Title = content.TextOrNull("title"), Description = content.TextOrNull("description"),
            Url = content.TextOrNull("url") ?? content.TextOrNull("musicurl"),
        };
        return type switch
        {
            "text" => message with { Content = content.Text("content") },
            "news" => message with { Articles = [.. content.Items("articles").Select(a => new PhoneArticle(a.TextOrNull("title"), a.TextOrNull("description"), a.TextOrNull("url"), a.TextOrNull("picurl")))] },
            "msgmenu" => message with
            {
                Content = content.TextOrNull("head_content"), Tail = content.TextOrNull("tail_content"),
                Menu = [.. content.Items("list").Select(i => new PhoneMenuItem(i.Text("id"), i.Text("content")))],
            },
            "miniprogrampage" => message with { AppId = content.Text("appid"), PagePath = content.Text("pagepath") },
            "wxcard" => message with { Title = content.Text("card_id") },
            "mpnewsarticle" => message with { Title = content.Text("article_id") },
            "link" => message with { PicUrl = content.TextOrNull("thumb_url") },
            _ => message,
        };
    }
}
