using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Crm;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// The platform's own daily figures, the same for a day whenever they are asked for. Rules:
/// developers.weixin.qq.com/doc/service/api/wedata/*: a day is there from 08:00 of the next one on; the longest span
/// depends on the figure. Codes 61500 form, 61501 span, 61503 not there yet.
/// </summary>
public sealed class OaFigures(OaAccounts all) : IOaFamily
{
    private static readonly DateOnly Since = new(2014, 12, 1);
    private static readonly TimeOnly Ready = new(8, 0);
    private static readonly int[] Hours = [.. Enumerable.Range(0, 24)];
    private static readonly int[] Sources = [0, 1, 17, 30, 57, 161];
    private static readonly Shape Span = Fields(Must("begin_date", Text, 61500), Must("end_date", Text, 61500));

    public IEnumerable<Api> Apis =>
    [
        Figure("getusersummary", 7, UserSummary),
        Figure("getusercumulate", 7, (state, day) => [new JsonObject { ["ref_date"] = Date(day), ["cumulate_user"] = Cumulated(state, day) }]),
        Figure("getarticlesummary", 1, (_, _) => []),
        Figure("getupstreammsg", 7, (state, day) => [Messages(state, day)]),
        Figure("getupstreammsghour", 1, (state, day) => [.. Hours.Select(hour => Messages(state, day, hour))]),
        Figure("getupstreammsgweek", 30, (state, day) => day.DayOfWeek == DayOfWeek.Monday ? [Messages(state, day)] : []),
        Figure("getupstreammsgmonth", 30, (state, day) => day.Day == 1 ? [Messages(state, day)] : []),
        Figure("getupstreammsgdist", 15, Distribution),
        Figure("getupstreammsgdistweek", 30, (state, day) => day.DayOfWeek == DayOfWeek.Monday ? Distribution(state, day) : []),
        Figure("getupstreammsgdistmonth", 30, (state, day) => day.Day == 1 ? Distribution(state, day) : []),
        Figure("getinterfacesummary", 30, (state, day) => [Interface(state, day)]),
        Figure("getinterfacesummaryhour", 1, (state, day) => [.. Hours.Select(hour => Interface(state, day, hour))]),
    ];

    private Api Figure(string name, int mostDays, Func<OaState, DateOnly, JsonNode[]> rows) => Api.Post($"datacube/{name}", Span, call =>
    {
        if (!Day(call.Body.Text("begin_date"), out var from) || !Day(call.Body.Text("end_date"), out var to)) return Reply.Error(61500, "date format error");
        var today = Shanghai.Day(call.Now);
        if (from > to || from < Since || to >= today || to.DayNumber - from.DayNumber >= mostDays) return Reply.Error(61501, "date range error");
        if (to == today.AddDays(-1) && call.Now < Shanghai.Start(today) + Ready.ToTimeSpan()) return Reply.Error(61503, "data not ready, please try later");
        var state = all.Of(call.Account);
        return Reply.Of(new JsonObject { ["list"] = Reply.List(Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).SelectMany(n => rows(state, from.AddDays(n)))) });
    }) with { Daily = 0 };

    // Of a week and of a month the first day stands for all.
    private static JsonObject Messages(OaState state, DateOnly day, int? hour = null)
    {
        var (writers, more) = hour is null ? (40, 160) : (6, 12);
        var fields = Dated(day, hour);
        (fields["msg_type"], fields["msg_user"], fields["msg_count"]) = (1, Draw(state, day, $"writers{hour}", writers), writers + Draw(state, day, $"messages{hour}", more));
        return fields;
    }

    // 1: one to five messages, 2: six to ten, 3: more.
    private static JsonNode[] Distribution(OaState state, DateOnly day) =>
        [.. Enumerable.Range(1, 3).Select(interval => new JsonObject { ["ref_date"] = Date(day), ["count_interval"] = interval, ["msg_user"] = Draw(state, day, $"interval{interval}", 60 / interval) })];

    private static JsonObject Interface(OaState state, DateOnly day, int? hour = null)
    {
        var fields = Dated(day, hour);
        (fields["callback_count"], fields["fail_count"]) = (20 + Draw(state, day, $"callbacks{hour}", hour is null ? 800 : 40), Draw(state, day, $"failures{hour}", 3));
        (fields["total_time_cost"], fields["max_time_cost"]) = (900 + Draw(state, day, $"cost{hour}", 9000), 50 + Draw(state, day, $"slowest{hour}", 900));
        return fields;
    }

    // Hours come as 0, 100, ... 2300.
    private static JsonObject Dated(DateOnly day, int? hour)
    {
        var fields = new JsonObject { ["ref_date"] = Date(day) };
        if (hour is { } h) fields["ref_hour"] = h * 100;
        return fields;
    }

    private static JsonNode[] UserSummary(OaState state, DateOnly day) =>
    [
        .. Sources.Select(source => new JsonObject
        {
            ["ref_date"] = Date(day), ["user_source"] = source, ["new_user"] = Came(state, day, source), ["cancel_user"] = Left(state, day, source),
        }),
    ];

    // As many as there are now, less what was won since: the figures of two days always agree with those between them.
    private static int Cumulated(OaState state, DateOnly day)
    {
        var net = 0;
        for (var d = Since; d <= day; d = d.AddDays(1))
            foreach (var source in Sources) net += Came(state, d, source) - Left(state, d, source);
        return state.Crowd.Count + net;
    }

    private static int Came(OaState state, DateOnly day, int source) => Draw(state, day, $"new{source}", source == 30 ? 30 : 6);

    private static int Left(OaState state, DateOnly day, int source) => Draw(state, day, $"gone{source}", 3);

    private static int Draw(OaState state, DateOnly day, string what, int below) =>
        (int)(Mix(Mix(Mix(2166136261, state.Account.AppId), what), day.DayNumber) % (uint)below);

    // FNV-1a: a figure of twelve years adds up fifty thousand draws.
    private static uint Mix(uint hash, string text)
    {
        foreach (var c in text) hash = (hash ^ c) * 16777619;
        return hash;
    }

    private static uint Mix(uint hash, int number)
    {
        for (var shift = 0; shift < 32; shift += 8) hash = (hash ^ (byte)(number >> shift)) * 16777619;
        return hash ^ (hash >> 15);
    }

    private static string Date(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
