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
public sealed record UploadedMedium(string MediaId, int Version, DateTimeOffset ExpiresAt);

/// <summary>
/// Uploads a medium when it is needed and remembers its media id, for all instances, until shortly before WeChat forgets
/// it. In <c>work</c> under <c>{account}|mediaid</c>.
/// </summary>
public sealed class MediaIds(MediaAssets assets, OfficialAccountApi api, IDocuments documents, TimeProvider clock)
{
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>The media id, or why there is none.</summary>
    /// <exception cref="InvalidOperationException">There is no such asset: the rule cannot be carried out until somebody gives it.</exception>
    public async Task<ApiResult<string>> Of(Account account, string name, CancellationToken ct)
    {
        var asset = await assets.Find(name, ct) ?? throw new InvalidOperationException($"A rule sends the medium {name}, which nobody has given: PUT /api/media/{name}.");
        var stored = await documents.Read(Collections.Work, Partition(account), name, ct);
        if (stored is not null && Parse(stored) is { } known && known.Version == asset.Version && clock.GetUtcNow() < known.ExpiresAt - Margin)
            return ApiResult<string>.Success(known.MediaId);

        var bytes = await assets.Read(asset, ct) ?? throw new TransientException("The medium has just been replaced.");
        var uploaded = await api.MediaUpload(account.Credentials, MediaFile.Of(bytes, name), ct);
        if (!uploaded.Ok) return ApiResult<string>.Failure(uploaded);
        var medium = new UploadedMedium(uploaded.Required.Id, asset.Version, uploaded.Required.ExpiresAt);
        await documents.Upsert(Collections.Work, [new Document(Partition(account), name, JsonSerializer.SerializeToUtf8Bytes(medium, CrmJson.Types.UploadedMedium))], ct);
        return ApiResult<string>.Success(medium.MediaId);
    }

    /// <summary>WeChat does not know it any more: the next one who needs it uploads it again.</summary>
    public ValueTask Forget(Account account, string name, CancellationToken ct) =>
        documents.Delete(Collections.Work, Partition(account), name, ct);

    private static UploadedMedium Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.UploadedMedium)!;

    private static string Partition(Account account) => $"{account.Name}|mediaid";
}
