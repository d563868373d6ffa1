using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Stats;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

public sealed class ReportPageTests
{
    private static readonly string[] Hostile =
        ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'x' & y", "=HYPERLINK(\"http://evil\")", "+1+1", "-1", "@SUM(A1)", "\t=1", "a,b", "line\r\nbreak", "投诉"];

    [Fact]
    public void Html_shows_hostile_words_as_words()
    {
        var html = ReportPage.ToHtml(Report("<b>main</b>", Hostile));
        foreach (var tag in new[] { "<script", "<img", "<b>", "onerror=alert(1)>" }) Assert.DoesNotContain(tag, html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;main&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("投诉", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")", "敏感词,\"'=HYPERLINK(\"\"http://evil\"\")\",1")]
    [InlineData("+1+1", "敏感词,'+1+1,1")]
    [InlineData("-1", "敏感词,'-1,1")]
    [InlineData("@SUM(A1)", "敏感词,'@SUM(A1),1")]
    [InlineData("\t=1", "敏感词,'\t=1,1")]
    [InlineData("\r=1", "敏感词,\"'\r=1\",1")]
    [InlineData("\n=1", "敏感词,\"'\n=1\",1")]
    [InlineData("＝1", "敏感词,'＝1,1")] // a spreadsheet reads the full-width sign too
    [InlineData("a,b", "敏感词,\"a,b\",1")]
    [InlineData("say \"hi\"", "敏感词,\"say \"\"hi\"\"\",1")]
    [InlineData("投诉", "敏感词,投诉,1")]
    public void Csv_quotes_and_never_starts_a_formula(string word, string line) =>
        Assert.Contains(line + "\r\n", ReportPage.ToCsv(Report("main", [word])), StringComparison.Ordinal);

    [Fact]
    public void Csv_is_for_Excel_and_has_a_line_for_every_hour()
    {
        var csv = ReportPage.ToCsv(Report("main", []));
        Assert.StartsWith("\uFEFF分类,项目,数量\r\n粉丝,新关注,0\r\n粉丝,取消关注,1\r\n粉丝,净增,-1\r\n", csv, StringComparison.Ordinal);
        Assert.Equal(24, csv.Split("\r\n").Count(l => l.StartsWith("每小时事件,", StringComparison.Ordinal)));
        Assert.Contains("每小时事件,08:00,1\r\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_without_an_event_is_drawn_too() =>
        Assert.Contains("height:0%", ReportPage.ToHtml(new ReportSum().Total("main", new DateOnly(2026, 3, 2), ReportState.Final)), StringComparison.Ordinal);

    private static DailyReport Report(string account, string[] words)
    {
        var sum = new ReportSum();
        sum.Add(new StatsRow { Subject = Subjects.EventReceived, Kind = Kinds.Unsubscribe, Hour = 8 });
        foreach (var word in words)
            sum.Add(new StatsRow { Subject = Subjects.AlertRaised, Kind = Kinds.Text, Hour = 8, Level = nameof(AlertLevel.High), Words = [word] });
        return sum.Total(account, new DateOnly(2026, 3, 2), ReportState.Final);
    }
}
