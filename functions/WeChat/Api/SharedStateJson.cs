using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api;

/// <summary>What instances tell each other by <see cref="ISharedState"/>.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SharedToken))]
[JsonSerializable(typeof(Closures))]
[JsonSerializable(typeof(Dictionary<string, RateCounter>))]
internal sealed partial class SharedStateJson : JsonSerializerContext;
