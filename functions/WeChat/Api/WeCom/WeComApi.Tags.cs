namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/get_corp_tag_list</c>: the company's tags; of these ids only, where there are some. Groups go before tags.
    /// Rule: developer.work.weixin.qq.com/document/path/92117.
    /// </summary>
    public Task<ApiResult<CorpTagList>> ExternalContactGetCorpTagList(
        AccountCredentials account, CorpTagsRequest? request = null, CancellationToken cancellation = default) =>
        Post<CorpTagList>(account, "cgi-bin/externalcontact/get_corp_tag_list", request ?? new CorpTagsRequest(), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/add_corp_tag</c>: new tags, in a group that there is or a new one; 3000 in a company.
    /// A name that the group has already is refused.
    /// Rule: developer.work.weixin.qq.com/document/path/92117.
    /// </summary>
    public Task<ApiResult<AddedCorpTags>> ExternalContactAddCorpTag(
        AccountCredentials account, AddCorpTagRequest request, CancellationToken cancellation = default) =>
        Post<AddedCorpTags>(account, "cgi-bin/externalcontact/add_corp_tag", request, repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/edit_corp_tag</c>: another name or place of a tag or a group. An application may edit its own ones only.
    /// Rule: developer.work.weixin.qq.com/document/path/92117.
    /// </summary>
    public Task<ApiResult> ExternalContactEditCorpTag(AccountCredentials account, EditCorpTagRequest request, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/edit_corp_tag", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/del_corp_tag</c>. A group goes with its last tag. An application may delete its own ones only.
    /// Rule: developer.work.weixin.qq.com/document/path/92117.
    /// </summary>
    public Task<ApiResult> ExternalContactDelCorpTag(AccountCredentials account, DelCorpTagRequest request, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/del_corp_tag", request, repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/mark_tag</c>: gives and takes a customer's tags, as one of his colleagues. It makes no callback.
    /// Rule: developer.work.weixin.qq.com/document/path/92118.
    /// </summary>
    public Task<ApiResult> ExternalContactMarkTag(AccountCredentials account, MarkTagRequest request, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/mark_tag", request, repeatable: true, cancellation);
}
