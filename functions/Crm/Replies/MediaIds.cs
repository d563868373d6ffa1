using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Crm.Replies;

/// <summary>The name that WeChat has given to one of our media.</summary>
/// <param name="MediaId">WeChat's.</param>
/// <param name="Version">Of the asset.</param>
/// <param name="ExpiresAt">Three days after the upload.</param>
public sealed record UploadedMedium(string MediaId, string Version, DateTimeOffset ExpiresAt);

/// <summary>
/// Uploads a medium when it is needed and remembers its media id, for all instances, until shortly before WeChat forgets
/// it. In <c>work</c> under <c>{account}|mediaid</c>.
/// </summary>
public sealed class MediaIds(MediaAssets assets, OfficialAccountApi api, IDocuments documents, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim uploading = new(1, 1);

    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>WeChat's codes for a medium that it does not know and one that it does not take; a rule's mistake is told by the same.</summary>
    private const int InvalidMedia = 40007, InvalidMediaType = 40004;

    /// <summary>The media id, or why there is none; that nobody has given the medium is one of the reasons.</summary>
    /// <exception cref="TransientException">It is just being replaced.</exception>
    public async Task<ApiResult<string>> Of(Account account, NeededMedium medium, CancellationToken ct)
    {
        if (await assets.Find(medium.Asset, ct) is not { } asset) return Refused(InvalidMedia, "nobody has given this medium");
        if (await Uploaded(account, medium, asset, ct) is { } known) return Known(known);
        // One at a time: of all the lanes that want it at the same moment only the first uploads.
        await uploading.WaitAsync(ct);
        try
        {
            return await Uploaded(account, medium, asset, ct) is { } meanwhile ? Known(meanwhile) : await Upload(account, medium, asset, ct);
        }
        finally
        {
            uploading.Release();
        }
    }

    private async Task<string?> Uploaded(Account account, NeededMedium medium, MediaAsset asset, CancellationToken ct) =>
        await documents.Read(Collections.Work, Partition(account), Id(medium), ct) is { } stored
            && Parse(stored) is var known && known.Version == asset.Version && clock.GetUtcNow() < known.ExpiresAt - Margin ? known.MediaId : null;

    private async Task<ApiResult<string>> Upload(Account account, NeededMedium medium, MediaAsset asset, CancellationToken ct)
    {
        var bytes = await assets.Read(asset, ct) ?? throw new TransientException("The medium has just been replaced.");
        if (MediaKind.Fault(bytes, medium.Thumb) is { } fault) return Refused(InvalidMediaType, fault);
        var uploaded = await api.MediaUpload(account.Credentials, bytes, medium.Thumb, ct);
        if (!uploaded.Ok) return new ApiResult<string>(uploaded.ErrCode, uploaded.ErrMsg, uploaded.Fault, null) { OutcomeUnknown = uploaded.OutcomeUnknown, NotBefore = uploaded.NotBefore };
        var kept = new UploadedMedium(uploaded.Required.MediaId, asset.Version, uploaded.Required.ExpiresAt);
        await documents.Upsert(Collections.Work, [new Document(Partition(account), Id(medium), JsonSerializer.SerializeToUtf8Bytes(kept, CrmJson.Types.UploadedMedium))], ct);
        return Known(kept.MediaId);
    }

    public void Dispose() => uploading.Dispose();

    /// <summary>WeChat does not know it any more: the next one who needs it uploads it again.</summary>
    public ValueTask Forget(Account account, NeededMedium medium, CancellationToken ct) =>
        documents.Delete(Collections.Work, Partition(account), Id(medium), ct);

    private static string Id(NeededMedium medium) => medium.Thumb ? medium.Asset + "~thumb" : medium.Asset;

    private static ApiResult<string> Known(string id) => new(0, "ok", ApiFault.None, id);

    private static ApiResult<string> Refused(int code, string why) => new(code, why, ApiFault.Request, null);

    private static UploadedMedium Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.UploadedMedium)!;

    private static string Partition(Account account) => $"{account.Name}|mediaid";
}
