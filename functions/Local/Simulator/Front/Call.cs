using System.Text.Json;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>One call that has passed the front: whose it is, what it says, and what is to happen after it.</summary>
public sealed class Call(ApiFront front, Account account, DateTimeOffset now, JsonElement body, Func<string, string?> query, Upload? file = null)
{
    private readonly List<PhoneMessage> messages = [];
    private readonly List<(Account Account, string Xml)> callbacks = [];

    /// <summary>By which front it came.</summary>
    public ApiFront Front => front;

    public Account Account => account;

    public DateTimeOffset Now => now;

    public JsonElement Body => body;

    public Upload? File => file;

    /// <summary>From where it came.</summary>
    public string Address { get; init; } = "";

    public IReadOnlyList<PhoneMessage> Messages => messages;

    public IReadOnlyList<(Account Account, string Xml)> Callbacks => callbacks;

    /// <summary>A parameter of the address; null if it is missing or empty.</summary>
    public string? Query(string name) => query(name);

    /// <summary>Puts a message on somebody's phone, before the call is answered.</summary>
    public void Deliver(PhoneMessage message) => messages.Add(message);

    /// <summary>An event that the platform tells after the call is answered.</summary>
    public void Tell(Account to, string xml) => callbacks.Add((to, xml));
}

/// <summary>The file of a multipart body.</summary>
/// <param name="Name">Its file name; null where the form does not give one.</param>
/// <param name="Bytes">What is in it.</param>
public sealed record Upload(string? Name, byte[] Bytes);

/// <summary>Reading what a <see cref="Shape"/> has let pass.</summary>
public static class JsonReading
{
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    /// <summary>A text; empty if it is not there.</summary>
    public static string Text(this JsonElement json, string name) => json.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <summary>A text; null if it is not there.</summary>
    public static string? TextOrNull(this JsonElement json, string name) => json.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A whole number; null if it is not there or not whole.</summary>
    public static long? Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static bool Flag(this JsonElement json, string name) => json.Member(name) is { ValueKind: JsonValueKind.True };

    public static IReadOnlyList<JsonElement> Items(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];

    public static IReadOnlyList<string> Texts(this JsonElement json, string name) =>
        [.. json.Items(name).Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!)];

    public static IReadOnlyList<long> Numbers(this JsonElement json, string name) =>
        [.. json.Items(name).Where(i => i.ValueKind == JsonValueKind.Number).Select(i => i.TryGetInt64(out var n) ? n : -1)];
}
