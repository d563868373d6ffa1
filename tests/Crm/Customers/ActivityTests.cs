using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CsCheck;

namespace CrmServerless.Tests.Stages;

public sealed class ActivityTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Fact]
    public void Days_and_kinds_are_counted_apart()
    {
        var activity = Activity.None.Add(Kinds.Text, Today).Add(Kinds.Text, Today).Add(Kinds.Text, Today.AddDays(-1)).Add(Kinds.Image, Today);
        Assert.Equal(2, Count(activity, Kinds.Text, Today, Today));
        Assert.Equal(3, Count(activity, Kinds.Text, Today.AddDays(-1), Today));
        Assert.Equal(1, Count(activity, Kinds.Text, Today.AddDays(-1), Today.AddDays(-1)));
        Assert.Equal(4, activity.Count(_ => true, Today.AddDays(-1), Today));
        Assert.Equal(0, Count(activity, Kinds.Text, Today.AddDays(1), Today.AddDays(9)));
    }

    [Fact]
    public void Thirty_days_are_kept_today_included()
    {
        var activity = Activity.None.Add(Kinds.Text, Today.AddDays(-30)).Add(Kinds.Text, Today.AddDays(-29)).Add(Kinds.Image, Today.AddDays(-30)).Add(Kinds.Text, Today);
        Assert.Equal(2, activity.Count(_ => true, DateOnly.MinValue, DateOnly.MaxValue));
        Assert.Equal(1, Count(activity, Kinds.Text, Today.AddDays(-29), Today.AddDays(-29)));
    }

    [Fact]
    public void A_late_day_is_put_in_its_place_and_one_too_late_is_left_out()
    {
        var activity = Activity.None.Add(Kinds.Text, Today.AddDays(-5)).Add(Kinds.Text, Today);
        var late = activity.Add(Kinds.Text, Today.AddDays(-3)).Add(Kinds.Text, Today.AddDays(-29)).Add(Kinds.Text, Today.AddDays(-30)).Add(Kinds.Image, Today.AddDays(-31));
        Assert.Equal(4, late.Count(_ => true, DateOnly.MinValue, DateOnly.MaxValue));
        Assert.Equal(2, Count(late, Kinds.Text, Today.AddDays(-3), Today));
        Assert.Equal(Json(late), Json(Activity.None.Add(Kinds.Text, Today).Add(Kinds.Text, Today.AddDays(-3)).Add(Kinds.Text, Today.AddDays(-29)).Add(Kinds.Text, Today.AddDays(-5))));
    }

    [Fact]
    public void Adding_changes_nothing_that_was_given()
    {
        var activity = Activity.None.Add(Kinds.Text, Today);
        activity.Add(Kinds.Text, Today);
        activity.Add(Kinds.Text, Today.AddDays(40));
        Assert.Equal(1, Count(activity, Kinds.Text, Today, Today));
        Assert.Equal(0, Activity.None.Count(_ => true, DateOnly.MinValue, DateOnly.MaxValue));
    }

    [Fact]
    public void Its_json_comes_back_as_it_went()
    {
        var activity = Activity.None.Add(Kinds.Text, Today.AddDays(-2)).Add(Kinds.Text, Today).Add(Kinds.Text, Today).Add(Kinds.Scan, Today);
        var read = JsonSerializer.Deserialize<Activity>(Json(activity))!;
        Assert.Equal(Json(activity), Json(read));
        Assert.Equal((1, 2, 1), (Count(read, Kinds.Text, Today.AddDays(-2), Today.AddDays(-1)), Count(read, Kinds.Text, Today, Today), Count(read, Kinds.Scan, Today, Today)));
        // 2026-03-02 is day 739676, counted from 0001-01-01: python's date.toordinal() - 1
        Assert.Equal("""{"oa.message.text":[739674,1,2,2],"oa.scan":[739676,1]}""", Json(activity));
        Assert.Equal("{}", Json(Activity.None));
        Assert.Equal(0, JsonSerializer.Deserialize<Activity>("{}")!.Count(_ => true, DateOnly.MinValue, DateOnly.MaxValue));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("""{"oa.scan":[1]}""")]
    [InlineData("""{"oa.scan":5}""")]
    [InlineData("""{"oa.scan":null,"oa.subscribe":[1,1]}""")]
    [InlineData("""{"oa.scan":["1",1]}""")]
    [InlineData("""{"oa.scan":[1,1,{}]}""")]
    public void Json_of_another_form_is_a_fault_and_never_a_guess(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Activity>(json));

    [Fact]
    public void Whatever_days_come_the_json_round_trips_and_no_day_is_older_than_thirty() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 3]).List[0, 40].Sample(days =>
        {
            var activity = days.Aggregate(Activity.None, (a, d) => a.Add("k" + d.Item2, Today.AddDays(d.Item1)));
            var latest = days.Count == 0 ? Today : Today.AddDays(days.Max(d => d.Item1));
            return Json(JsonSerializer.Deserialize<Activity>(Json(activity))!) == Json(activity)
                && activity.Count(_ => true, DateOnly.MinValue, latest.AddDays(-30)) == 0;
        });

    private static long Count(Activity activity, string kind, DateOnly first, DateOnly last) => activity.Count(k => k == kind, first, last);

    private static string Json(Activity activity) => JsonSerializer.Serialize(activity);
}
