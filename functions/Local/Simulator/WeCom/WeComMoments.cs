using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Moments that colleagues publish for their customers (客户朋友圈). Rules: developer.work.weixin.qq.com/document/path/95094 (make),
/// 93333 (look): 2,000 characters, nine pictures or one video or link; codes 41059 to 41062, 41064, 41065, 41079, 41089.
/// </summary>
public sealed class WeComMoments(Companies companies, MediaStore media) : IWeComFamily
{
    private const int MaxText = 2000;
    private const int MostPictures = 9;
    private const int MaxListed = 20;
    private const int MaxPage = 1000;
    private const int MaxSent = 5000;
    private static readonly TimeSpan Creating = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan JobLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromDays(30);

    private static readonly Shape Made = Fields(
        May("text", Fields(May("content", Text))),
        May("attachments", ListOf(Fields(
            Must("msgtype", Text, 41065), May("image", Fields(Must("media_id", Text))), May("video", Fields(Must("media_id", Text))), May("link", Fields(May("title", Text), Must("url", Text), May("media_id", Text)))))),
        May("visible_range", Fields(
            May("sender_list", Fields(May("user_list", ListOf(Text)), May("department_list", ListOf(Number)))), May("external_contact_list", Fields(May("tag_list", ListOf(Text)))))));

    private static readonly Shape OfOne = Fields(Must("moment_id", Text, 41059), Must("userid", Text, 41009), May("cursor", Text), May("limit", Number));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/add_moment_task", Made, Make),
        Api.Get("cgi-bin/externalcontact/get_moment_task_result", Result),
        Api.Post("cgi-bin/externalcontact/get_moment_list", Fields(
            Must("start_time", Number), Must("end_time", Number), May("creator", Text), May("filter_type", Number), May("cursor", Text), May("limit", Number)), List),
        Api.Post("cgi-bin/externalcontact/get_moment_task", Fields(Must("moment_id", Text, 41059), May("cursor", Text), May("limit", Number)), Tasks),
        Api.Post("cgi-bin/externalcontact/get_moment_customer_list", OfOne, call => Customers(call, withUser: true)),
        Api.Post("cgi-bin/externalcontact/get_moment_send_result", OfOne, call => Customers(call, withUser: false)),
        Api.Post("cgi-bin/externalcontact/get_moment_comments", Fields(Must("moment_id", Text, 41059), Must("userid", Text, 41009)), Comments),
    ];

    private Reply Make(Call call)
    {
        var (company, body, items) = (companies.Of(call.Account), call.Body, call.Body.Items("attachments"));
        var text = body.Member("text")?.Text("content") ?? "";
        if (text.Length == 0 && items.Count == 0) return Reply.Error(41089, "moment text and attachments are both empty");
        if (new StringInfo(text).LengthInTextElements > MaxText) return Reply.Error(40058, "invalid Request Parameter, text.content");
        var types = items.Select(i => i.Text("msgtype")).ToList();
        if (types.Exists(t => t is not ("image" or "video" or "link"))) return Reply.Error(41065, "invalid attachment type");
        if (types.Count > MostPictures || (types.Count > 1 && types.Exists(t => t != "image"))) return Reply.Error(41064, "attachment count exceed limit");
        foreach (var item in items)
        {
            var (type, content) = (item.Text("msgtype"), item.Member(item.Text("msgtype")));
            if (type != "link" && media.Find(call.Account.AppId, content?.Text("media_id") ?? "", type, call.Now) is null) return Reply.Error(40007, "invalid media_id");
        }

        var range = body.Member("visible_range")?.Member("sender_list");
        var (users, departments) = (range?.Texts("user_list") ?? [], range?.Numbers("department_list") ?? []);
        if (users.Any(u => company.Working(u) is null)) return Reply.Error(60111, "userid not found");
        var all = users.Count + departments.Count == 0;
        var senders = company.Followers.Where(s => all || users.Contains(s.UserId, StringComparer.OrdinalIgnoreCase) || s.Departments.Any(d => departments.Contains(d)));
        var moment = new Moment(Company.NewId("mom"), Company.NewId("job"), body.GetRawText(), call.Now, senders.ToDictionary(s => s.UserId, _ => (DateTimeOffset?)null, StringComparer.Ordinal));
        company.Moments.Put(moment);
        return Reply.Done(new JsonObject { ["jobid"] = moment.JobId });
    }

    private Reply Result(Call call)
    {
        var moment = companies.Of(call.Account).Moments.All.FirstOrDefault(m => m.JobId == call.Query("jobid"));
        if (moment is null || call.Now - moment.At > JobLife) return Reply.Error(40088, "invalid jobid");
        var fields = new JsonObject { ["status"] = 2, ["type"] = "add_moment_task" };
        if (call.Now - moment.At < Creating) return Reply.Done(fields);
        fields["status"] = 3;
        fields["result"] = new JsonObject
        {
            ["errcode"] = 0, ["errmsg"] = "ok", ["moment_id"] = moment.Id, ["invalid_sender_list"] = new JsonObject { ["user_list"] = new JsonArray(), ["department_list"] = new JsonArray() },
            ["invalid_external_contact_list"] = new JsonObject { ["tag_list"] = new JsonArray() },
        };
        return Reply.Done(fields);
    }

    private Reply List(Call call)
    {
        var (from, to, limit) = (call.Body.Number("start_time") ?? 0, call.Body.Number("end_time") ?? 0, call.Body.Number("limit") ?? MaxListed);
        if (from > to || to - from > LongestAsked.TotalSeconds || limit is < 1 or > MaxListed) return Reply.Error(40058, "invalid Request Parameter");
        var found = companies.Of(call.Account).Moments.All.Where(m => m.At.ToUnixTimeSeconds() >= from && m.At.ToUnixTimeSeconds() <= to).OrderByDescending(m => m.At);
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)limit, "moment_list", found, m =>
        {
            // Numbers that come as texts, as WeCom gives them.
            var fields = new JsonObject { ["moment_id"] = m.Id, ["create_time"] = m.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["create_type"] = 0, ["visible_type"] = 1 };
            if (JsonNode.Parse(m.Json)!["text"] is { } text) fields["text"] = text.DeepClone();
            return fields;
        });
    }

    private Reply Tasks(Call call)
    {
        if (Find(call, out var moment) is { } refusal) return refusal;
        if (call.Body.Number("limit") is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)(call.Body.Number("limit") ?? 500), "task_list", moment!.Senders, s => new JsonObject { ["userid"] = s.Key, ["publish_status"] = s.Value is null ? 0 : 1 });
    }

    private Reply Customers(Call call, bool withUser)
    {
        if (Published(call, out var moment, out var userId) is { } refusal) return refusal;
        if (call.Body.Number("limit") is { } limit && (limit < 1 || limit > (withUser ? MaxPage : MaxSent))) return Reply.Error(40058, "invalid Request Parameter, limit");
        var tags = JsonNode.Parse(moment!.Json)!["visible_range"]?["external_contact_list"]?["tag_list"]?.AsArray().Select(t => t!.GetValue<string>()).ToList() ?? [];
        var customers = companies.Of(call.Account).CustomersOf(userId).Where(r => tags.Count == 0 || r.Tags.Any(tags.Contains)).OrderBy(r => r.At);
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)(call.Body.Number("limit") ?? 500), "customer_list", customers, r => withUser
            ? new JsonObject { ["userid"] = r.UserId, ["external_userid"] = r.ExternalId } : new JsonObject { ["external_userid"] = r.ExternalId });
    }

    // Nobody plays customers who comment.
    private Reply Comments(Call call) => Published(call, out _, out _) ?? Reply.Done(new JsonObject { ["comment_list"] = new JsonArray(), ["like_list"] = new JsonArray() });

    private Reply? Published(Call call, out Moment? moment, out string userId)
    {
        userId = companies.Of(call.Account).Working(call.Body.Text("userid"))?.UserId ?? "";
        if (Find(call, out moment) is { } refusal) return refusal;
        if (!moment!.Senders.TryGetValue(userId, out var at)) return Reply.Error(41061, "the moment is not of this userid");
        return at is null ? Reply.Error(41062, "the moment is not published by this userid") : null;
    }

    private Reply? Find(Call call, out Moment? moment)
    {
        moment = companies.Of(call.Account).Moments.Find(call.Body.Text("moment_id"));
        if (moment is null) return Reply.Error(41060, "invalid moment_id");
        return call.Now - moment.At < Creating ? Reply.Error(41079, "the moment is being distributed, please try later") : null;
    }
}
