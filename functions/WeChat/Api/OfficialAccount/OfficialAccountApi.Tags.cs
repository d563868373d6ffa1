namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>Openids of one <see cref="TagsBatchTagging"/> (40032 above).</summary>
    public const int MostInBatchTagging = 50;

    /// <summary>Characters of a tag's name (45158 above).</summary>
    public const int LongestTagName = 30;

    /// <summary>
    /// <c>cgi-bin/tags/create</c>: 100 tags an account (45056), names are unique (45157), up to <see cref="LongestTagName"/> characters.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_createtag.html.
    /// </summary>
    public async Task<ApiResult<Tag>> TagsCreate(AccountCredentials account, string name, CancellationToken cancellation = default)
    {
        var request = new TagRequest(new TagFields(Name: Limits.Characters(name, 1, LongestTagName)));
        var made = await transport.Post(account, "cgi-bin/tags/create", request, Types.TagRequest, Types.TagAnswer, repeatable: false, cancellation).ConfigureAwait(false);
        return made.Ok ? ApiResult<Tag>.Success(made.Required.Tag) : ApiResult<Tag>.Failure(made);
    }

    /// <summary>
    /// <c>cgi-bin/tags/get</c>: all tags, WeChat's own three included.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettags.html.
    /// </summary>
    public Task<ApiResult<TagList>> TagsGet(AccountCredentials account, CancellationToken cancellation = default) =>
        Get(account, "cgi-bin/tags/get", Types.TagList, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/update</c>: another name; WeChat's own tags cannot be changed (45058).
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_updatetag.html.
    /// </summary>
    public Task<ApiResult> TagsUpdate(AccountCredentials account, int tagId, string name, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/tags/update", new TagRequest(new TagFields(tagId, Limits.Characters(name, 1, LongestTagName))), Types.TagRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/delete</c>: refused while over 100,000 followers have it (45057). After a lost answer the repetition
    /// may say that there is no such tag (45159): then it is gone.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_deletetag.html.
    /// </summary>
    public Task<ApiResult> TagsDelete(AccountCredentials account, int tagId, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/tags/delete", new TagRequest(new TagFields(tagId)), Types.TagRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/members/batchtagging</c>: up to <see cref="MostInBatchTagging"/> followers; 20 tags a follower (45059).
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchtagging.html.
    /// </summary>
    public Task<ApiResult> TagsBatchTagging(AccountCredentials account, int tagId, IReadOnlyList<string> openIds, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/tags/members/batchtagging", new TaggingRequest(Limits.Openids(openIds, MostInBatchTagging), tagId), Types.TaggingRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/members/batchuntagging</c>: up to <see cref="MostInBatchTagging"/> followers.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchuntagging.html.
    /// </summary>
    public Task<ApiResult> TagsBatchUntagging(AccountCredentials account, int tagId, IReadOnlyList<string> openIds, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/tags/members/batchuntagging", new TaggingRequest(Limits.Openids(openIds, MostInBatchTagging), tagId), Types.TaggingRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/getidlist</c>: the tags of a follower.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettagidlist.html.
    /// </summary>
    public Task<ApiResult<TagIds>> TagsGetIdList(AccountCredentials account, string openId, CancellationToken cancellation = default) =>
        Ask(account, "cgi-bin/tags/getidlist", new OpenidRequest(Limits.Filled(openId)), Types.OpenidRequest, Types.TagIds, cancellation);

    /// <summary>
    /// <c>cgi-bin/user/tag/get</c>: a page of the followers who have a tag.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_gettagfans.html.
    /// </summary>
    public Task<ApiResult<OpenidPage>> UserTagGet(AccountCredentials account, int tagId, string? nextOpenId = null, CancellationToken cancellation = default) =>
        Ask(account, "cgi-bin/user/tag/get", new TagFansRequest(tagId, nextOpenId), Types.TagFansRequest, Types.OpenidPage, cancellation);
}
