using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Tags;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.Support;

/// <summary>Valid values to start a test from.</summary>
public static class Some
{
    public const string OpenId = "o9AgO5Kd5ggOC-bXrbNODIiE3bGY";
    public const string Key = "main:" + OpenId;

    /// <summary>Monday, 2026-03-02, 10:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero);

    public static readonly Account Account = new()
    {
        Name = "main", Kind = AccountKind.OfficialAccount, AppId = "wxba5fad812f8e6fb9", Token = "QingHeTea2026", Secret = "secret",
        EncodingAesKey = EncodingAesKey.Parse("QingHeTeaShopSampleKeyDoNotUseInProduction1"),
    };

    private static int counter;

    /// <summary>A new fact id of the usual form.</summary>
    public static string Id() => Ids.Hash(Interlocked.Increment(ref counter).ToString(CultureInfo.InvariantCulture));

    public static DateTimeOffset Shanghai(string text) =>
        new(DateTime.ParseExact(text, ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    public static Envelope Fact<T>(string subject, T data, JsonTypeInfo<T> type, DateTimeOffset? at = null, string kind = Kinds.Text, string? id = null)
    {
        id ??= Id();
        return new Envelope
        {
            Id = id, Subject = subject, Key = Key, Kind = kind, OccurredAt = at ?? Now, PublishedAt = at ?? Now, Root = id,
            Data = JsonSerializer.SerializeToElement(data, type),
        };
    }

    public static Envelope Event(string kind, DateTimeOffset? at = null, Func<EventReceived, EventReceived>? with = null, string? id = null)
    {
        var received = new EventReceived { From = OpenId, Kind = kind };
        return Fact(Subjects.EventReceived, with is null ? received : with(received), CrmJson.Types.EventReceived, at, kind, id);
    }

    public static Envelope Text(string text, DateTimeOffset? at = null, string? id = null) =>
        Event(Kinds.Text, at, e => e with { Text = text }, id);

    public static CustomerSnapshot Snapshot() => new()
    {
        Version = 1, Subscribed = true, Stage = Lifecycle.Active, Tags = [], Counters = new Dictionary<string, long>(),
        Activity = Activity.None, Window = new ReplyWindow(),
    };

    public static RuleInput Input(Envelope fact, CustomerSnapshot? customer = null) =>
        RuleInput.Of(fact, fact.Read(CrmJson.Types.EventReceived), customer);

    public static Rule Rule(string id, string then, RuleCondition? when = null, int order = 100) => new()
    {
        Id = id, Then = Json(then), When = when ?? new RuleCondition(), Order = order,
    };

    public static RuleSet Rules(params (string Kind, Rule Rule)[] rules) => RuleSet.Of(rules);

    public static IReadOnlyList<ReadyRule<TagAction>> NoTagRules => [];

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
