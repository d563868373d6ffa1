using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Crm.Accounts;

/// <summary>What instances share about WeChat, in the collection <c>work</c>: partition <c>{account}|wechat</c>, or <c>~{corpid}|wechat</c> for what a company's accounts share. It holds access tokens, never secrets: of those a fingerprint of 6 bytes, by which a change is noticed.</summary>
public sealed class DocumentsState(IDocuments documents) : ISharedState
{
    public async ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct)
    {
        try
        {
            return await documents.Read(Collections.Work, Partition(scope), name, ct) is { } stored ? new SharedValue(stored.Data, stored.Etag) : null;
        }
        catch (TransientException e)
        {
            throw new SharedStateException("The document store does not answer.", e);
        }
    }

    public async ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
    {
        var document = new Document(Partition(scope), name, value);
        try
        {
            return etag is null
                ? await documents.Create(Collections.Work, document, ct)
                : await documents.Replace(Collections.Work, document, etag, ct);
        }
        catch (TransientException e)
        {
            throw new SharedStateException("The document store does not answer.", e);
        }
    }

    private static string Partition(string scope) => $"{scope}|wechat";
}
