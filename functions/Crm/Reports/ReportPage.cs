using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace CrmServerless.Crm.Reports;

/// <summary>The report for people: a plain HTML page and a CSV, in Chinese.</summary>
public static class ReportPage
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    public static string ToHtml(DailyReport report)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>日报 {{Html.Encode(report.Account)}} {{report.Date:yyyy-MM-dd}}</title>
            <style>body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#223}
            table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}td,th{border-bottom:1px solid #dde;padding:.3rem .5rem;text-align:left}td+td{text-align:right}
            .bars{display:flex;align-items:flex-end;height:6rem;gap:2px}.bars i{flex:1;background:#5a9e6f;min-height:1px}</style>
            <h1>日报 · {{report.Date:yyyy-MM-dd}}</h1>
            <p>账号 {{Html.Encode(report.Account)}} · {{(report.State == ReportState.Final ? "全天" : "当天未结束，数字随时更新")}} · 上海时间</p>
            """);
        foreach (var section in Sections(report)) AppendSection(html, section);
        AppendHours(html, report.Events.ByHour);
        return html.Append("</html>").ToString();
    }

    public static string ToCsv(DailyReport report)
    {
        var csv = new StringBuilder("\uFEFF分类,项目,数量\r\n"); // the mark makes Excel read UTF-8
        foreach (var (title, rows) in Sections(report))
            foreach (var (name, count) in rows) csv.Append(CultureInfo.InvariantCulture, $"{Cell(title)},{Cell(name)},{count}\r\n");
        for (var hour = 0; hour < 24; hour++)
            csv.Append(CultureInfo.InvariantCulture, $"每小时事件,{hour:D2}:00,{report.Events.ByHour[hour]}\r\n");
        return csv.ToString();
    }

    private static List<(string Title, IReadOnlyList<(string Name, int Count)> Rows)> Sections(DailyReport report) =>
    [
        ("粉丝", [("新关注", report.Followers.Gained), ("取消关注", report.Followers.Lost), ("净增", report.Followers.Net)]),
        ("企业微信客户", report.Contacts is { } c
            ? [("新添加", c.Added), ("待员工确认", c.HalfAdded), ("删除员工", c.Lost), ("被员工删除或转出", c.Deleted)]
            : []),
        ("事件", [("合计", report.Events.Total), .. Rows(report.Events.ByKind)]),
        ("回复", [("已发送", report.Replies.Sent), ("未发送", report.Replies.Skipped), ("被微信拒绝", report.Replies.Refused), ("结果未知", report.Replies.Unknown)]),
        ("未发送或被拒原因", Rows(report.Replies.ByReason)),
        ("回复规则", Rows(report.Replies.ByRule)),
        ("新打标签", Rows(report.Tags.Given)),
        ("警报", [("触发", report.Alerts.Raised), ("升级", report.Alerts.Escalated), ("关闭", report.Alerts.Closed)]),
        ("敏感词", Rows(report.Alerts.ByWord)),
    ];

    private static List<(string, int)> Rows(SortedDictionary<string, int> counts) =>
        [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value))];

    private static void AppendSection(StringBuilder html, (string Title, IReadOnlyList<(string Name, int Count)> Rows) section)
    {
        if (section.Rows.Count == 0) return;
        html.Append(CultureInfo.InvariantCulture, $"<h2>{Html.Encode(section.Title)}</h2><table>");
        foreach (var (name, count) in section.Rows)
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html.Encode(name)}</td><td>{count}</td></tr>");
        html.Append("</table>");
    }

    private static void AppendHours(StringBuilder html, int[] hours)
    {
        var most = Math.Max(1, hours.Max());
        html.Append("<h2>每小时事件</h2><div class=\"bars\">");
        for (var hour = 0; hour < 24; hour++)
            html.Append(CultureInfo.InvariantCulture, $"<i style=\"height:{100 * hours[hour] / most}%\" title=\"{hour:D2}:00 · {hours[hour]}\"></i>");
        html.Append("</div>");
    }

    // A cell that a customer's words could reach must not become a formula in a spreadsheet.
    private static string Cell(string text)
    {
        if (text.Length > 0 && "=+-@\t\r\n＝＋－＠".Contains(text[0], StringComparison.Ordinal)) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
