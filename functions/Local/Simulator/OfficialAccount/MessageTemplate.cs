using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>A template of the console's library, as this shop has chosen it.</summary>
public sealed record MessageTemplate(string Id, string Title, params (string Key, string Label)[] Fields)
{
    public static IReadOnlyList<MessageTemplate> Templates { get; } =
    [
        new("sim-order-ready-0000000000000000000000000000", "取餐提醒", ("character_string1", "取餐号"), ("thing2", "门店"), ("time3", "时间")),
        new("sim-points-changed-00000000000000000000000000", "积分变动提醒", ("number1", "变动积分"), ("number2", "剩余积分"), ("thing3", "原因")),
        new("sim-service-done-0000000000000000000000000000", "服务完成通知", ("thing1", "服务"), ("phrase2", "状态")),
    ];

    public static IReadOnlyList<MessageTemplate> Subscriptions { get; } =
    [
        new("sim-new-tea-000000000000000000000000000000000", "新品上市通知", ("thing1", "新品"), ("time2", "上市时间")),
        new("sim-offer-ends-000000000000000000000000000000", "优惠到期提醒", ("thing1", "优惠"), ("time2", "到期时间")),
    ];

    public string Content
    {
        get
        {
            var content = new StringBuilder();
            foreach (var (key, label) in Fields) content.Append(CultureInfo.InvariantCulture, $"{label}:{{{{{key}.DATA}}}}\n");
            return content.ToString();
        }
    }

    /// <summary>
    /// Names the first value that a template does not take (47003). Kinds and lengths:
    /// developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html.
    /// </summary>
    public string? Fault(JsonElement data)
    {
        foreach (var given in data.EnumerateObject())
            if (!Fields.Any(f => f.Key == given.Name)) return $"data.{given.Name}";
        foreach (var (key, _) in Fields)
        {
            var value = data.Member(key)?.Text("value") ?? "";
            var most = key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') switch { "thing" => 20, "phrase" => 5, "character_string" or "number" => 32, _ => 64 };
            if (value.Length == 0 || value.Length > most) return $"data.{key}.value";
        }

        return null;
    }
}
