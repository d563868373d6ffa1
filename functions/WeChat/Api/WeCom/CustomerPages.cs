namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Whole answers where WeCom gives pages.</summary>
public static class CustomerPages
{
    /// <summary>Pages of 500 colleagues; a company has fewer than this many.</summary>
    private const int MaxPages = 200;

    /// <summary>A customer with all the colleagues who have him. A page that fails is the answer; half a customer is none.</summary>
    public static async Task<ApiResult<ExternalContactDetail>> ExternalContactGetAll(
        this WeComApi api, AccountCredentials account, string externalUserId, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        var followers = new List<FollowUser>();
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var found = await api.ExternalContactGet(account, externalUserId, cursor, cancellation).ConfigureAwait(false);
            if (!found.Ok) return found;
            followers.AddRange(found.Required.FollowUser);
            var next = found.Required.NextCursor;
            if (next is null || next == cursor) return ApiResult<ExternalContactDetail>.Success(found.Required with { FollowUser = followers, NextCursor = null });
            cursor = next;
        }

        return ApiResult<ExternalContactDetail>.Failure(ApiCall.Answer.Unreadable);
    }
}
