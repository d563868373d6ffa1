using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// What the customer did, as against what WeChat or an agent did and tells of. The latter is in the file's timeline and
/// counters, but nobody has become active by it, and nobody waits for an answer to it.
/// </summary>
public static class Acts
{
    private static readonly string[] OfOthers =
    [
        Kinds.TemplateResult, Kinds.SubscribeMessageSent, Kinds.ServiceStarted, Kinds.ServiceEnded, Kinds.ServiceSwitched,
        Kinds.CardUpdated, Kinds.UserDataModified,
        // Staff did it. An add is the customer's too: he scanned, asked or agreed.
        WeComKinds.CustomerEdited, WeComKinds.CustomerDeleted, WeComKinds.TransferFailed,
    ];

    public static bool OfCustomer(string kind) => !OfOthers.Contains(kind, StringComparer.Ordinal);
}
