using CrmServerless.Crm;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Stats;
using CrmServerless.Crm.Tags;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

public sealed class StatsRowTests
{
    private const string Secret = "我家住人民路100号";

    private static readonly EventReceived Full = new EventReceived
    {
        From = Some.OpenId, Kind = Kinds.Text, Name = Secret, Text = Secret, MenuKey = Secret, Scene = Secret, Url = Secret,
        Location = new GeoPoint(31.987654, 121.987654), MediaId = Secret,
    }.WithPayload(Secret);

    private static readonly Envelope[] Facts =
    [
        Some.Fact(Subjects.EventReceived, Full, CrmJson.Types.EventReceived),
        Some.Fact(Subjects.CustomerTagged, new CustomerTagged("vip", true, "rule-1", 2, Secret), CrmJson.Types.CustomerTagged),
        Some.Fact(Subjects.CustomerShared, new CustomerShared(Secret), CrmJson.Types.CustomerShared),
        Some.Fact(Subjects.LifecycleChanged, new LifecycleChanged("follower", "active"), CrmJson.Types.LifecycleChanged),
        Some.Fact(Subjects.ReplySent, new ReplySent { RuleId = "rule-1", RuleVersion = 2, Outcome = SendOutcome.Refused, Type = "text", Text = Secret, Code = 45047 }, CrmJson.Types.ReplySent),
        Some.Fact(Subjects.AlertRaised, new AlertFact("00000000000000~x", AlertLevel.High, "c", Secret, ["维权"], "rule-1", 2, Secret), CrmJson.Types.AlertFact),
        Some.Fact(Subjects.AlertEscalated, new AlertFact("00000000000000~x", AlertLevel.High, "c", Secret, ["维权"], "rule-1", 2, Secret), CrmJson.Types.AlertFact),
        Some.Fact(Subjects.AlertClosed, new AlertFact("00000000000000~x", AlertLevel.High, "c", Secret, ["维权"], "rule-1", 2, Secret), CrmJson.Types.AlertFact),
        Some.Fact(Subjects.AlertDue, new AlertDue("00000000000000~x"), CrmJson.Types.AlertDue),
        Some.Fact(Subjects.FollowUpDue, new AlertDue(Secret), CrmJson.Types.AlertDue),
        Some.Fact(Subjects.ReportBuilt, new AlertDue(Secret), CrmJson.Types.AlertDue),
    ];

    public static TheoryData<string> Subject() => [.. Facts.Select(f => f.Subject)];

    [Theory]
    [MemberData(nameof(Subject))]
    public void No_openid_and_no_text_is_ever_in_a_row(string subject)
    {
        var fact = Facts.Single(f => f.Subject == subject);
        var document = StatsTable.ToDocument("main", Shanghai.Day(fact.OccurredAt), fact.Id, StatsRow.Of(fact, fact.OccurredAt));
        var json = System.Text.Encoding.UTF8.GetString(document.Data.Span);
        foreach (var trace in new[] { Some.OpenId, "人民路", "31.98", "121.98", "http" })
        {
            Assert.DoesNotContain(trace, json, StringComparison.Ordinal);
            Assert.DoesNotContain(trace, document.Partition + document.Id, StringComparison.Ordinal);
        }

        Assert.Null(document.Fields);
        Assert.Contains(fact.Subject, json, StringComparison.Ordinal); // it is the row that was searched
    }

    [Fact]
    public void Every_subject_that_the_stage_takes_is_searched_above() =>
        Assert.Equal(
            CrmServerless.Crm.Pipeline.Stages.Single(s => s.Name == "stats").Subjects.Order(StringComparer.Ordinal),
            Facts.Select(f => f.Subject).Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_counted_is_in_the_row()
    {
        static StatsRow Row(string subject) => StatsRow.Of(Facts.Single(f => f.Subject == subject), Some.Now);
        Assert.Equal((Kinds.Text, 10), (Row(Subjects.EventReceived).Kind, Row(Subjects.EventReceived).Hour)); // 02:00 UTC
        Assert.Equal(("refused", "45047", "rule-1"), (Row(Subjects.ReplySent).Outcome, Row(Subjects.ReplySent).Reason, Row(Subjects.ReplySent).Rule));
        Assert.Equal(("vip", "given", "rule-1"), (Row(Subjects.CustomerTagged).Tag, Row(Subjects.CustomerTagged).Outcome, Row(Subjects.CustomerTagged).Rule));
        Assert.Equal("active", Row(Subjects.LifecycleChanged).Stage);
        Assert.Equal(("high", "维权"), (Row(Subjects.AlertRaised).Level, Assert.Single(Row(Subjects.AlertRaised).Words!)));
    }

    [Theory] // Shanghai's midnight is 16:00 UTC
    [InlineData("2026-03-02 00:00:00", 0)]
    [InlineData("2026-03-02 00:59:59", 0)]
    [InlineData("2026-03-02 23:59:59", 23)]
    public void The_hour_is_Shanghais(string at, int hour) =>
        Assert.Equal(hour, StatsRow.Of(Some.Text("x"), Some.Shanghai(at).ToUniversalTime()).Hour);

    [Fact]
    public void An_event_with_an_implausible_time_counts_under_the_day_of_its_receipt()
    {
        var fact = Some.Event(Kinds.Text, DateTimeOffset.UnixEpoch, e => e with { CountedAt = Some.Now }) with { CountedAt = Some.Now };
        Assert.Equal(Some.Now, StatsRow.CountedAt(fact));
        Assert.Equal(Some.Now, StatsRow.CountedAt(Some.Text("x")));
        // And so does all that follows from it.
        var child = fact.Child("customer", 1, Subjects.CustomerTagged, fact.Data, Some.Now, byRule: true);
        Assert.Equal(Some.Now, StatsRow.CountedAt(child));
    }
}
