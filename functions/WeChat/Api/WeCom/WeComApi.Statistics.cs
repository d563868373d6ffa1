namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/get_user_behavior_data</c>: what these colleagues did together, day by day; at most 30 days, of the last 180.
    /// Rule: developer.work.weixin.qq.com/document/path/92132.
    /// </summary>
    public Task<ApiResult<UserBehaviorData>> ExternalContactGetUserBehaviorData(
        AccountCredentials account, UserBehaviorRequest request, CancellationToken cancellation = default) =>
        Post<UserBehaviorData>(account, "cgi-bin/externalcontact/get_user_behavior_data", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/groupchat/statistic</c>: groups by their owners; at most 30 days, of the last 180 until yesterday.
    /// Rule: developer.work.weixin.qq.com/document/path/92133.
    /// </summary>
    public Task<ApiResult<GroupChatStatistic>> ExternalContactGroupChatStatistic(
        AccountCredentials account, GroupChatStatisticRequest request, CancellationToken cancellation = default) =>
        Post<GroupChatStatistic>(account, "cgi-bin/externalcontact/groupchat/statistic", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/groupchat/statistic_group_by_day</c>: the same by days. Rule: developer.work.weixin.qq.com/document/path/92133.</summary>
    public Task<ApiResult<GroupChatStatisticByDay>> ExternalContactGroupChatStatisticGroupByDay(
        AccountCredentials account, GroupChatStatisticByDayRequest request, CancellationToken cancellation = default) =>
        Post<GroupChatStatisticByDay>(account, "cgi-bin/externalcontact/groupchat/statistic_group_by_day", request, repeatable: true, cancellation);
}
