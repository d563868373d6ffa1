using System.Globalization;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Notify;

/// <summary>The stage <c>notify</c>: alerts and reports to whoever waits for them.</summary>
public sealed class SendNotice(AlertBook alerts, INotifier notifier, Progress progress)
{
    public async Task Handle(StageDelivery delivery, CancellationToken ct)
    {
        var fact = delivery.Fact;
        if (fact.Subject == Subjects.ReportBuilt)
        {
            var built = fact.Read(CrmJson.Types.ReportBuilt);
            var line = string.Create(CultureInfo.InvariantCulture, $"{fact.Account} {built.Date:yyyy-MM-dd} 日报已生成");
            await notifier.Notify(new Notice(fact.Id, fact.Subject, fact.Account, line, null), ct);
            return;
        }

        var alerted = fact.Read(CrmJson.Types.AlertFact);
        var alert = await alerts.Find(fact.Account, alerted.AlertId, ct);
        await notifier.Notify(new Notice(fact.Id, fact.Subject, fact.Account, Line(fact, alerted), alert), ct);
        if (fact.Subject == Subjects.AlertRaised) progress.Alerted(alerted.Level.ToString().ToLowerInvariant(), fact.OccurredAt);
    }

    private static string Line(Envelope fact, AlertFact alert)
    {
        var what = fact.Subject switch
        {
            Subjects.AlertRaised => "触发警报",
            Subjects.AlertEscalated => "警报超时未处理，已升级",
            _ => "警报已关闭",
        };
        return $"{what}：{alert.Category} [{string.Join("、", alert.Words)}] 负责人 {alert.Owner}";
    }
}
