using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// WeChat's own figures. Each call has a longest span of days, both ends counted; <see cref="DatacubeDays.LastReady"/> says
/// how far they go. They change little once they are there: keep them.
/// </summary>
public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>datacube/getusersummary</c>: followers won and lost; 7 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/user/api_getusersummary.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UserSummary>>> DatacubeGetUserSummary(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getusersummary", from, to, 7, Types.DatacubeListUserSummary, cancellation);

    /// <summary>
    /// <c>datacube/getusercumulate</c>: followers in all; 7 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/user/api_getusercumulate.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UserCumulate>>> DatacubeGetUserCumulate(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getusercumulate", from, to, 7, Types.DatacubeListUserCumulate, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsg</c>: messages of customers by day; 7 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsg.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamMessages>>> DatacubeGetUpstreamMsg(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsg", from, to, 7, Types.DatacubeListUpstreamMessages, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsghour</c>: the same by hour, of one day.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsghour.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamMessages>>> DatacubeGetUpstreamMsgHour(AccountCredentials account, DateOnly day, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsghour", day, day, 1, Types.DatacubeListUpstreamMessages, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsgweek</c>: the same by week; 30 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsgweek.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamMessages>>> DatacubeGetUpstreamMsgWeek(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsgweek", from, to, 30, Types.DatacubeListUpstreamMessages, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsgmonth</c>: the same by month; 30 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsgmonth.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamMessages>>> DatacubeGetUpstreamMsgMonth(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsgmonth", from, to, 30, Types.DatacubeListUpstreamMessages, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsgdist</c>: how many messages a customer sends; 15 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsgdist.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamDistribution>>> DatacubeGetUpstreamMsgDist(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsgdist", from, to, 15, Types.DatacubeListUpstreamDistribution, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsgdistweek</c>: the same by week; 30 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsgdistweek.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamDistribution>>> DatacubeGetUpstreamMsgDistWeek(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsgdistweek", from, to, 30, Types.DatacubeListUpstreamDistribution, cancellation);

    /// <summary>
    /// <c>datacube/getupstreammsgdistmonth</c>: the same by month; 30 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/api/wedata/mess/api_getupstreammsgdistmonth.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<UpstreamDistribution>>> DatacubeGetUpstreamMsgDistMonth(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getupstreammsgdistmonth", from, to, 30, Types.DatacubeListUpstreamDistribution, cancellation);

    /// <summary>
    /// <c>datacube/getinterfacesummary</c>: how WeChat's calls to us went; 30 days at most.
    /// Rule: developers.weixin.qq.com/doc/service/en/Analytics/Analytics_API.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<InterfaceSummary>>> DatacubeGetInterfaceSummary(AccountCredentials account, DateOnly from, DateOnly to, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getinterfacesummary", from, to, 30, Types.DatacubeListInterfaceSummary, cancellation);

    /// <summary>
    /// <c>datacube/getinterfacesummaryhour</c>: the same by hour, of one day.
    /// Rule: developers.weixin.qq.com/doc/service/en/Analytics/Analytics_API.html.
    /// </summary>
    public Task<ApiResult<DatacubeList<InterfaceSummary>>> DatacubeGetInterfaceSummaryHour(AccountCredentials account, DateOnly day, CancellationToken cancellation = default) =>
        Figures(account, "datacube/getinterfacesummaryhour", day, day, 1, Types.DatacubeListInterfaceSummary, cancellation);

    private Task<ApiResult<DatacubeList<T>>> Figures<T>(
        AccountCredentials account, string path, DateOnly from, DateOnly to, int most, JsonTypeInfo<DatacubeList<T>> answered, CancellationToken ct)
        where T : DatacubeRow
    {
        if (from < DatacubeDays.First) throw new ArgumentException("WeChat has figures from 2014-12-01 on.", nameof(from));
        Limits.Range(to.DayNumber - from.DayNumber + 1, 1, most, "days", nameof(to));
        return Ask(account, path, new DatacubeRequest(from, to), Types.DatacubeRequest, answered, ct);
    }
}
