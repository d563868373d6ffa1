using System.Text.Json.Serialization;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Local.Simulator;

/// <summary>What the simulator's own addresses take and answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PhoneMessage))]
[JsonSerializable(typeof(PhoneAct))]
[JsonSerializable(typeof(PhoneResult))]
[JsonSerializable(typeof(DeskAct))]
[JsonSerializable(typeof(CompanyAct))]
[JsonSerializable(typeof(CompanyResult))]
[JsonSerializable(typeof(PowerCutReport))]
[JsonSerializable(typeof(BurstOrder))]
[JsonSerializable(typeof(BurstResult))]
[JsonSerializable(typeof(SimulatorStatus))]
[JsonSerializable(typeof(ProfileOrder))]
[JsonSerializable(typeof(SecretOrder))]
[JsonSerializable(typeof(ResetSecret))]
[JsonSerializable(typeof(TroubleShares))]
[JsonSerializable(typeof(Crm.Api.ListOf<PhoneMessage>))]
public sealed partial class SimulatorJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static SimulatorJson Types => types ??= new(Crm.Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static SimulatorJson? types;
}
