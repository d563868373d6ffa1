using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.Crm;

/// <summary>Enums are words in lower case, in storage and in the API; case does not matter when reading, numbers are refused.</summary>
public sealed class LowerCaseEnum<T>() : JsonStringEnumConverter<T>(LowerCase.Policy, allowIntegerValues: false) where T : struct, Enum;

internal sealed class LowerCase : JsonNamingPolicy
{
    public static readonly LowerCase Policy = new();

    public override string ConvertName(string name) => name.ToLowerInvariant();
}
