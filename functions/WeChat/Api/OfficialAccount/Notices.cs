using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// A template message (模板消息). What became of it comes back as a TEMPLATESENDJOBFINISH event.
/// Rule: developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html.
/// </summary>
/// <param name="Touser">A follower's openid.</param>
/// <param name="TemplateId">As listed in the account's template library.</param>
/// <param name="Data">The fields of the template (<c>thing1</c>, without <c>.DATA</c>); each kind has its own limit (<c>thing</c>: 20 characters, 47003 above).</param>
public sealed record TemplateMessage(
    string Touser, string TemplateId, [property: JsonConverter(typeof(TemplateFields))] IReadOnlyDictionary<string, string> Data) : WireRecord
{
    /// <summary>What a tap opens; null: nothing.</summary>
    public string? Url { get; init; }

    /// <summary>What a tap opens rather than <see cref="Url"/>.</summary>
    public MiniProgramPage? Miniprogram { get; init; }

    /// <summary>Ours: within 10 minutes WeChat sends one message only for an openid and this id, so that the call may be repeated.</summary>
    public string? ClientMsgId { get; init; }
}

/// <summary>
/// A subscription notice (订阅通知); each needs its own consent of the customer (43101 without).
/// Rule: developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html.
/// </summary>
/// <param name="Touser">The openid.</param>
/// <param name="TemplateId">As listed in the account's notice library.</param>
/// <param name="Data">The fields of the template (<c>thing1</c>).</param>
public sealed record SubscribeMessage(
    string Touser, string TemplateId, [property: JsonConverter(typeof(TemplateFields))] IReadOnlyDictionary<string, string> Data) : WireRecord
{
    /// <summary>The web page that a tap opens; null: none.</summary>
    public string? Page { get; init; }

    /// <summary>What a tap opens rather than <see cref="Page"/>.</summary>
    public MiniProgramPage? Miniprogram { get; init; }
}

/// <param name="Appid">Of a mini program that belongs to the account.</param>
/// <param name="Pagepath">The page, with parameters; null: its first.</param>
public sealed record MiniProgramPage(string Appid, string? Pagepath = null) : WireRecord;

/// <summary>A template message is on its way.</summary>
public sealed record TemplateSent : WireRecord
{
    /// <summary>The id that the event about its outcome carries.</summary>
    public required long Msgid { get; init; }
}

/// <summary><c>{"thing1":{"value":"巧克力"}}</c>.</summary>
internal sealed class TemplateFields : JsonConverter<IReadOnlyDictionary<string, string>>
{
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("WeChat never sends these.");

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
        {
            writer.WriteStartObject(name);
            writer.WritePropertyName("value");
            RawStrings.Write(writer, text);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
