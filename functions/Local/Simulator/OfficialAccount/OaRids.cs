using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// What a request id in an error stands for. Rule: developers.weixin.qq.com/doc/service/api/apimanage/api_getridinfo.html;
/// here it is known for the last thousand errors. Without the token and the bodies: nobody needs them twice.
/// </summary>
public sealed class OaRids : IOaFamily
{
    private const int Known = 1000;

    private readonly Lock gate = new();
    private readonly Queue<string> order = new();
    private readonly Dictionary<string, (Reply Reply, string Path, string Address, DateTimeOffset At)> rids = new(StringComparer.Ordinal);

    public IEnumerable<Api> Apis => [Api.Post("cgi-bin/openapi/rid/get", Fields(Must("rid", Text, 76001)), Get) with { Daily = 0 }];

    public string Remember(Reply reply, string path, string address, DateTimeOffset now)
    {
        var rid = $"{Part()}-{Part()}-{Part()}";
        lock (gate)
        {
            order.Enqueue(rid);
            rids[rid] = (reply, path, address, now);
            if (order.Count > Known) rids.Remove(order.Dequeue());
        }

        return rid;
    }

    private Reply Get(Call call)
    {
        lock (gate)
        {
            if (!rids.TryGetValue(call.Body.Text("rid"), out var known)) return Reply.Error(76001, "rid not found");
            return Reply.Done(new JsonObject
            {
                ["request"] = new JsonObject
                {
                    ["invoke_time"] = known.At.ToUnixTimeSeconds(), ["cost_in_ms"] = 1, ["request_url"] = "/" + known.Path, ["request_body"] = "",
                    ["response_body"] = new JsonObject { ["errcode"] = known.Reply.Code, ["errmsg"] = known.Reply.Text }.ToJsonString(), ["client_ip"] = known.Address,
                },
            });
        }
    }

    private static string Part() => RandomNumberGenerator.GetHexString(8, lowercase: true);
}
