using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// Counts calls, and traces them where somebody listens. The API's path is the only thing of the address that is told: the query holds tokens. The code is
/// WeChat's errcode, -1 also where nothing was answered.
/// </summary>
internal static class ApiMeter
{
    /// <summary>Name of the meter and the activity source.</summary>
    public const string Name = "CrmServerless";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("crm.wechat.calls", "{call}");

    private static readonly Counter<long> NotMade = Meter.CreateCounter<long>("crm.wechat.withheld", "{call}");

    /// <summary>A call that was not made: a quota, a broken circuit, our own limits.</summary>
    public static void Withheld(string api, int code) => NotMade.Add(1, new("api", api), new("code", code));

    public static Measurement Begin(AccountCredentials account, string api)
    {
        var activity = Source.StartActivity("wechat", ActivityKind.Client);
        activity?.SetTag("crm.api", api).SetTag("crm.account", account.Account);
        return new Measurement(api, activity);
    }

    public readonly record struct Measurement(string Api, Activity? Activity) : IDisposable
    {
        public void End(ApiResult result)
        {
            Calls.Add(1, new("api", Api), new("code", result.ErrCode));
            Activity?.SetTag("crm.code", result.ErrCode);
            if (!result.Ok) Activity?.SetStatus(ActivityStatusCode.Error, result.Fault.ToString());
        }

        public void Dispose() => Activity?.Dispose();
    }
}
