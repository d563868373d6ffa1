using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>From where WeCom calls, and where it is called. Rules: developer.work.weixin.qq.com/document/path/92521 and 92520.</summary>
public sealed class WeComAddresses : IWeComFamily
{
    public IEnumerable<Api> Apis => [Api.Get("cgi-bin/getcallbackip", Tell), Api.Get("cgi-bin/get_api_domain_ip", Tell)];

    private static Reply Tell(Call call) => Reply.Done(new JsonObject { ["ip_list"] = Reply.Texts(["127.0.0.1"]) });
}
