using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm;

/// <summary>The one JSON contract: camelCase, nulls left out, Chinese and emoji as they are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Envelope))]
public sealed partial class CrmJson : JsonSerializerContext;
