using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// The body of each type of customer-service message: what its documentation names, and nothing else.
/// Rule: developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html.
/// </summary>
public static class CustomMessageShapes
{
    private static readonly Dictionary<string, Shape> Contents = new(StringComparer.Ordinal)
    {
        ["text"] = Fields(Must("content", Text, 44004)),
        ["image"] = Fields(Must("media_id", Text, 40007)),
        ["voice"] = Fields(Must("media_id", Text, 40007)),
        ["video"] = Fields(Must("media_id", Text, 40007), Must("thumb_media_id", Text, 40007), May("title", Text), May("description", Text)),
        ["music"] = Fields(May("title", Text), May("description", Text), Must("musicurl", Text), Must("hqmusicurl", Text), Must("thumb_media_id", Text, 40007)),
        ["news"] = Fields(Must("articles", ListOf(Fields(May("title", Text), May("description", Text), May("url", Text), May("picurl", Text))))),
        ["mpnews"] = Fields(Must("media_id", Text, 40007)),
        ["mpnewsarticle"] = Fields(Must("article_id", Text)),
        ["msgmenu"] = Fields(May("head_content", Text), Must("list", ListOf(Fields(Must("id", Text), Must("content", Text)))), May("tail_content", Text)),
        ["wxcard"] = Fields(Must("card_id", Text)),
        ["miniprogrampage"] = Fields(May("title", Text), Must("appid", Text), Must("pagepath", Text), Must("thumb_media_id", Text, 40007)),
        ["link"] = Fields(Must("title", Text), May("description", Text), Must("url", Text), May("thumb_url", Text)),
    };

    private static readonly Dictionary<string, Shape> Messages = Contents.ToDictionary(c => c.Key, c => Fields(
        Must("touser", Text, 40003), Must("msgtype", Text, 40008), Must(c.Key, c.Value), May("customservice", Fields(Must("kf_account", Text))),
        May("aimsgcontext", Fields(Must("is_ai_msg", Number)))), StringComparer.Ordinal);

    /// <summary>The form of a message of this type; null if there is no such type.</summary>
    public static Shape? Of(string type) => Messages.GetValueOrDefault(type);
}
