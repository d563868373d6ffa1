using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Crm.Replies;

/// <summary>A rule's answer as a call to WeChat, and what the call's result means for the ledger.</summary>
public sealed class SendMessage(AccountBook accounts, OfficialAccountApi api, MediaIds media, Postponement postponement)
{
    /// <summary>WeChat does not know the medium, or not any more.</summary>
    private const int InvalidMedia = 40007;

    /// <summary>Sends, after uploading what has to be uploaded.</summary>
    /// <exception cref="TransientException">It was surely not sent, and has a chance soon.</exception>
    public async Task<CallOutcome> Send(string accountName, string openId, ReplyAction action, CancellationToken ct)
    {
        var account = accounts.Find(accountName) ?? throw new InvalidOperationException($"Account {accountName} is not configured any more.");
        for (var renewed = false; ; renewed = true)
        {
            var ids = new Dictionary<NeededMedium, string>();
            foreach (var medium in action.Needs())
            {
                var uploaded = await media.Of(account, medium, ct);
                // Whatever became of the upload, no message was sent.
                if (!uploaded.Ok) return Judge(uploaded with { OutcomeUnknown = false });
                ids[medium] = uploaded.Required;
            }

            var result = await api.CustomSend(account.Credentials, CustomMessages.Of(openId, action, ids), ct);
            if (result.ErrCode != InvalidMedia || renewed || ids.Count == 0) return Judge(result);
            foreach (var medium in ids.Keys) await media.Forget(account, medium, ct);
        }
    }

    private CallOutcome Judge(ApiResult result) => result switch
    {
        { Ok: true } => new(SendState.Sent),
        { OutcomeUnknown: true } => new(SendState.Unknown),
        _ when Postponement.Concerns(result) => new(null, result.ErrCode, postponement.Again(result)),
        { Fault: ApiFault.Transient } => throw new TransientException($"WeChat answered {result.ErrCode}."),
        _ => new(SendState.Refused, result.ErrCode),
    };
}
