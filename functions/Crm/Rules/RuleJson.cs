using System.Text.Json.Serialization;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Tags;

namespace CrmServerless.Crm.Rules;

/// <summary>For rules that people write: a misspelt property is a fault, not a rule that silently matches everything.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Rule))]
[JsonSerializable(typeof(TagAction))]
[JsonSerializable(typeof(ReplyAction))]
[JsonSerializable(typeof(AlertAction))]
[JsonSerializable(typeof(Dictionary<string, List<Rule>>))]
public sealed partial class RuleJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static RuleJson Types => types ??= new(Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static RuleJson? types;
}
