using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Notify;

/// <summary>Tells people and other systems: the log and the page on a laptop, Event Grid in Azure.</summary>
/// <remarks>At least once: a notice may come twice and carries the fact's id.</remarks>
public interface INotifier
{
    /// <exception cref="TransientException">The way to the receiver is blocked; try again later.</exception>
    Task Notify(Notice notice, CancellationToken ct);
}

/// <param name="Id">Id of the fact behind it.</param>
/// <param name="Subject">AlertRaised, AlertEscalated, AlertClosed or ReportBuilt.</param>
/// <param name="Account">The account.</param>
/// <param name="Line">One line in Chinese, without personal data.</param>
/// <param name="Alert">The alert, where it is about one.</param>
public sealed record Notice(string Id, string Subject, string Account, string Line, Alerts.Alert? Alert);
