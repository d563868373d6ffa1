using System.Globalization;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Reports;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Daily reports as JSON, HTML and CSV. A day that is not over, or was never built, is answered with the figures of the moment.</summary>
public sealed class ReportsApi(ReportBook reports, BuildReport build, AccountBook accounts, TimeProvider clock)
{
    public void Map(OperatorRoutes api)
    {
        api.Get("/api/reports/{account}/{file}", Role.Viewer, Read);
        api.Post("/api/reports/{account}/{file}", Role.Agent, Build);
    }

    private async Task Read(HttpContext http, Operator caller)
    {
        var (name, suffix) = Split(http.Route("file"));
        if (await Day(http, name) is not { } day) return;
        var account = http.Route("account");
        var stored = await reports.Find(account, day, http.RequestAborted);
        var report = stored is { State: ReportState.Final } ? stored : await build.Compute(account, day, http.RequestAborted);
        await (suffix switch
        {
            "" => http.Write(report, ApiJson.Types.DailyReport),
            "html" => Text(http, "text/html; charset=utf-8", ReportPage.ToHtml(report)),
            "csv" => Text(http, "text/csv; charset=utf-8", ReportPage.ToCsv(report)),
            _ => http.Problem(404, "Reports end in nothing, .html or .csv."),
        });
    }

    private async Task Build(HttpContext http, Operator caller)
    {
        if (await Day(http, http.Route("file")) is not { } day) return;
        if (day > Shanghai.Day(clock.GetUtcNow())) await http.Problem(422, "This day has not come yet.");
        else await http.Write(await build.Build(http.Route("account"), day, http.RequestAborted), ApiJson.Types.DailyReport);
    }

    private async Task<DateOnly?> Day(HttpContext http, string text)
    {
        if (accounts.Find(http.Route("account")) is null)
        {
            await http.Missing("account");
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        await http.Problem(400, "The date must be yyyy-MM-dd, a day in Shanghai.");
        return null;
    }

    private static (string Name, string Suffix) Split(string file) =>
        file.IndexOf('.') is var dot and >= 0 ? (file[..dot], file[(dot + 1)..]) : (file, "");

    private static Task Text(HttpContext http, string type, string text)
    {
        http.Response.ContentType = type;
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
