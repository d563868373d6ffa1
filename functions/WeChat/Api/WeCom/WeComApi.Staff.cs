namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/department/list</c>: departments with names, of those the application sees; of a large company
    /// <see cref="DepartmentSimpleList"/> and <see cref="DepartmentGet"/> are faster. An Id of null is all.
    /// Rule: developer.work.weixin.qq.com/document/path/90208.
    /// </summary>
    public Task<ApiResult<DepartmentList>> DepartmentList(AccountCredentials account, int? id = null, CancellationToken cancellation = default) =>
        Get<DepartmentList>(account, "cgi-bin/department/list", [("id", Text(id))], cancellation);

    /// <summary><c>cgi-bin/department/simplelist</c>: the tree without names. Rule: developer.work.weixin.qq.com/document/path/95350.</summary>
    public Task<ApiResult<DepartmentSimpleList>> DepartmentSimpleList(AccountCredentials account, int? id = null, CancellationToken cancellation = default) =>
        Get<DepartmentSimpleList>(account, "cgi-bin/department/simplelist", [("id", Text(id))], cancellation);

    /// <summary><c>cgi-bin/department/get</c>. Rule: developer.work.weixin.qq.com/document/path/95351.</summary>
    public Task<ApiResult<DepartmentDetail>> DepartmentGet(AccountCredentials account, int id, CancellationToken cancellation = default) =>
        Get<DepartmentDetail>(account, "cgi-bin/department/get", [("id", Text(id))], cancellation);

    /// <summary><c>cgi-bin/user/get</c>. Phone, e-mail and portrait are no longer told to new applications. Rule: developer.work.weixin.qq.com/document/path/90196.</summary>
    public Task<ApiResult<StaffUser>> UserGet(AccountCredentials account, string userId, CancellationToken cancellation = default) =>
        Get<StaffUser>(account, "cgi-bin/user/get", [("userid", userId)], cancellation);

    /// <summary><c>cgi-bin/user/list</c>: the colleagues of one department, not of those below it. Rule: developer.work.weixin.qq.com/document/path/90201.</summary>
    public Task<ApiResult<StaffUserList>> UserList(AccountCredentials account, int departmentId, CancellationToken cancellation = default) =>
        Get<StaffUserList>(account, "cgi-bin/user/list", [("department_id", Text(departmentId))], cancellation);

    /// <summary><c>cgi-bin/user/simplelist</c>: ids, names and departments only. Rule: developer.work.weixin.qq.com/document/path/90200.</summary>
    public Task<ApiResult<StaffUserList>> UserSimpleList(AccountCredentials account, int departmentId, CancellationToken cancellation = default) =>
        Get<StaffUserList>(account, "cgi-bin/user/simplelist", [("department_id", Text(departmentId))], cancellation);

    /// <summary><c>cgi-bin/agent/get</c>: the application itself, and whom it sees. Rule: developer.work.weixin.qq.com/document/path/90227.</summary>
    /// <exception cref="ArgumentException">The account has no AgentId.</exception>
    public Task<ApiResult<Agent>> AgentGet(AccountCredentials account, CancellationToken cancellation = default) =>
        Get<Agent>(account, "cgi-bin/agent/get", [("agentid", Text(AgentId(account)))], cancellation);

    /// <summary>
    /// <c>cgi-bin/getcallbackip</c>: whence callbacks come; addresses, or ranges as in <c>101.226.103.*</c>. Ask once a day.
    /// Rule: developer.work.weixin.qq.com/document/path/90930.
    /// </summary>
    public Task<ApiResult<IpList>> GetCallbackIp(AccountCredentials account, CancellationToken cancellation = default) =>
        Get<IpList>(account, "cgi-bin/getcallbackip", [], cancellation);

    /// <summary><c>cgi-bin/get_api_domain_ip</c>: where the API is, for firewalls. Rule: developer.work.weixin.qq.com/document/path/92520.</summary>
    public Task<ApiResult<IpList>> GetApiDomainIp(AccountCredentials account, CancellationToken cancellation = default) =>
        Get<IpList>(account, "cgi-bin/get_api_domain_ip", [], cancellation);
}
