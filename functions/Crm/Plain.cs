using System.Text.Encodings.Web;
using System.Text.Json;

namespace CrmServerless.Crm;

/// <summary>JSON that people can read: Chinese as it is. Never put into HTML or a script.</summary>
public static class Plain
{
    /// <summary>The same options, without the escapes that JSON does not need.</summary>
    public static JsonSerializerOptions Options(JsonSerializerOptions generated) =>
        new(generated) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = null };
}
