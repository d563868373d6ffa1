using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Messages of an application to staff. Rule: developer.work.weixin.qq.com/document/path/90236: a text over 2,048 bytes is cut
/// without a word, a colleague's 31st message in a minute is dropped without one, unknown ids come back in lower case.
/// </summary>
public sealed class WeComStaffMessages(Companies companies, MediaStore media) : IWeComFamily
{
    /// <summary>Bytes of a text; more are cut.</summary>
    public const int MaxTextBytes = 2048;

    /// <summary>Messages of one application to one colleague in a minute and in an hour; more are dropped.</summary>
    public const int PerMinute = 30;
    public const int PerHour = 1000;

    private const int MaxUsers = 1000;
    private const int MaxParties = 100;
    private const int MaxArticles = 8;
    private static readonly TimeSpan RecallWithin = TimeSpan.FromHours(24);

    private static readonly Dictionary<string, Shape> Contents = new(StringComparer.Ordinal)
    {
        ["text"] = Fields(Must("content", Text, 44004)),
        ["markdown"] = Fields(Must("content", Text, 44004)),
        ["image"] = Fields(Must("media_id", Text, 41006)),
        ["voice"] = Fields(Must("media_id", Text, 41006)),
        ["video"] = Fields(Must("media_id", Text, 41006), May("title", Text), May("description", Text)),
        ["file"] = Fields(Must("media_id", Text, 41006)),
        ["textcard"] = Fields(Must("title", Text, 41016), Must("description", Text, 41033), Must("url", Text, 41010), May("btntxt", Text)),
        ["news"] = Fields(Must("articles", ListOf(Fields(Must("title", Text, 41016), May("description", Text), May("url", Text), May("picurl", Text), May("appid", Text), May("pagepath", Text))))),
        ["mpnews"] = Fields(Must("articles", ListOf(Fields(
            Must("title", Text, 41016), Must("thumb_media_id", Text), May("author", Text), May("content_source_url", Text), Must("content", Text), May("digest", Text))))),
        ["miniprogram_notice"] = Fields(
            Must("appid", Text), May("page", Text), Must("title", Text, 41016), May("description", Text), May("emphasis_first_item", Flag), May("content_item", ListOf(Fields(Must("key", Text), Must("value", Text))))),
        ["template_card"] = AnyObject,
    };

    /// <summary>The body of each type of message.</summary>
    public static IReadOnlyDictionary<string, Shape> Shapes { get; } = Contents.ToDictionary(c => c.Key, c => Fields(
        May("touser", Text), May("toparty", Text), May("totag", Text), Must("msgtype", Text, 40008), Must("agentid", Number, 41011), Must(c.Key, c.Value), May("safe", Number), May("enable_id_trans", Number),
        May("enable_duplicate_check", Number), May("duplicate_check_interval", Number)), StringComparer.Ordinal);

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/message/send", AnyObject, Send),
        Api.Post("cgi-bin/message/recall", Fields(Must("msgid", Text)), Recall),
    ];

    private Reply Send(Call call)
    {
        var (company, body, type) = (companies.Of(call.Account), call.Body, call.Body.Text("msgtype"));
        if (!Shapes.TryGetValue(type, out var shape)) return Reply.Error(40008, "invalid message type");
        if (shape.Check(body, "") is { } misfit) return call.Front.Platform.Misshapen(misfit);
        if (body.Number("agentid") is var agent && agent != (call.Account.AgentId ?? agent))
            return company.Apps.Any(a => a.AgentId == agent) ? Reply.Error(301002, "no permission of this agent") : Reply.Error(40056, "invalid agentid");
        var (users, parties, tags) = (Split(body.Text("touser")), Split(body.Text("toparty")), Split(body.Text("totag")));
        if (users.Length > MaxUsers) return Reply.Error(40032, "invalid userid list size");
        if (parties.Length > MaxParties) return Reply.Error(82002, "invalid party list size");
        if (users.Length + parties.Length + tags.Length == 0) return Reply.Error(40058, "invalid Request Parameter, touser, toparty and totag are empty");
        if (body.Number("duplicate_check_interval") is < 0 or > 14_400) return Reply.Error(40058, "invalid Request Parameter, duplicate_check_interval");
        if (ContentFault(call, type, body.GetProperty(type)) is { } fault) return fault;

        var everybody = users is ["@all"];
        var badUsers = everybody ? [] : users.Where(u => company.Working(u) is null).Select(u => u.ToLowerInvariant()).ToArray();
        var badParties = parties.Where(p => Company.Departments.All(d => Id(d.Id) != p)).ToArray();
        var to = company.Staff.All.Where(s => s.ResignedAt is null && (everybody || users.Contains(s.UserId, StringComparer.OrdinalIgnoreCase) || s.Departments.Any(d => Within(d, parties)))).ToList();
        if (to.Count == 0) return Reply.Error(81013, "user & party & tag all invalid");
        var msgId = Company.NewId("sim");
        if (!Repeats(company, call)) Deliver(company, call, type, to);
        company.AppMessages[msgId] = (call.Account.Name, call.Now);
        return Reply.Done(new JsonObject
        {
            ["invaliduser"] = string.Join('|', badUsers), ["invalidparty"] = string.Join('|', badParties), ["invalidtag"] = string.Join('|', tags), ["unlicenseduser"] = "", ["msgid"] = msgId,
        });
    }

    private static void Deliver(Company company, Call call, string type, List<StaffMember> to)
    {
        foreach (var member in to.Where(m => m.Active))
        {
            var key = $"{call.Account.Name}|{member.UserId}";
            if (!company.Received.TryGetValue(key, out var received)) company.Received[key] = received = new Queue<DateTimeOffset>();
            while (received.TryPeek(out var first) && call.Now - first >= TimeSpan.FromHours(1)) received.Dequeue();
            if (received.Count >= PerHour || received.Count(at => call.Now - at < TimeSpan.FromMinutes(1)) >= PerMinute) continue;
            received.Enqueue(call.Now);
            call.Deliver(Shown(call, type, call.Body.GetProperty(type), member.UserId));
        }
    }

    private Reply? ContentFault(Call call, string type, JsonElement content) => type switch
    {
        "text" or "markdown" when content.Text("content").Length == 0 => Reply.Error(44004, "empty content"),
        "image" or "voice" or "video" or "file" when media.Find(call.Account.AppId, content.Text("media_id"), type, call.Now) is null => Reply.Error(40007, "invalid media_id"),
        "news" or "mpnews" when content.Items("articles").Count is 0 or > MaxArticles => Reply.Error(45008, "article size out of limit"),
        _ => null,
    };

    private static PhoneMessage Shown(Call call, string type, JsonElement content, string userId) => new(call.Account.Name, userId, type, Cut(content.TextOrNull("content")), Articles(content), call.Now)
    {
        Staff = true, MediaId = content.TextOrNull("media_id"), Title = content.TextOrNull("title"), Description = content.TextOrNull("description"), Url = content.TextOrNull("url"),
        AppId = content.TextOrNull("appid"), PagePath = content.TextOrNull("page"),
        Fields = content.Items("content_item") is { Count: > 0 } items ? [.. items.Select(i => new PhoneField(i.Text("key"), i.Text("value")))] : null,
    };

    private static IReadOnlyList<PhoneArticle>? Articles(JsonElement content) => content.Member("articles") is null
        ? null
        : [.. content.Items("articles").Select(a => new PhoneArticle(a.TextOrNull("title"), a.TextOrNull("description") ?? a.TextOrNull("digest"), a.TextOrNull("url") ?? a.TextOrNull("content_source_url"), a.TextOrNull("picurl")))];

    // At a character's end: half of one is not shown.
    private static string? Cut(string? text)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) <= MaxTextBytes) return text;
        var (kept, bytes) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > MaxTextBytes) break;
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }

    private static bool Repeats(Company company, Call call)
    {
        if (call.Body.Number("enable_duplicate_check") != 1) return false;
        var interval = TimeSpan.FromSeconds(call.Body.Number("duplicate_check_interval") ?? 1800);
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{call.Account.Name}|{call.Body.GetRawText()}")));
        if (company.Repeats.TryGetValue(key, out var at) && call.Now - at < interval) return true;
        company.Repeats[key] = call.Now;
        return false;
    }

    private Reply Recall(Call call)
    {
        if (!companies.Of(call.Account).AppMessages.TryGetValue(call.Body.Text("msgid"), out var message) || message.App != call.Account.Name) return Reply.Error(40058, "invalid Request Parameter, msgid");
        return call.Now - message.At > RecallWithin ? Reply.Error(42052, "msgid is expired") : Reply.Ok;
    }

    private static bool Within(int department, string[] parties)
    {
        for (var d = Company.Departments.FirstOrDefault(x => x.Id == department); d is not null; d = Company.Departments.FirstOrDefault(x => x.Id == d.ParentId))
            if (parties.Contains(Id(d.Id))) return true;
        return false;
    }

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static string[] Split(string ids) => ids.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
