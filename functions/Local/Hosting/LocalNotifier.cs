using CrmServerless.Crm.Notify;

namespace CrmServerless.Local.Hosting;

/// <summary>Notices go to the log, without what the customer wrote, and to the page.</summary>
public sealed class LocalNotifier(LiveFeed feed, ILogger<LocalNotifier> log) : INotifier
{
    public Task Notify(Notice notice, CancellationToken ct)
    {
        log.LogInformation("{Line}", notice.Line);
        if (notice.Alert is { } alert) feed.Send("alert", alert, Crm.Api.ApiJson.Types.Alert);
        else feed.Send("notice", new LiveNotice(notice.Subject, notice.Account, notice.Line), LiveJson.Types.LiveNotice);
        return Task.CompletedTask;
    }
}
