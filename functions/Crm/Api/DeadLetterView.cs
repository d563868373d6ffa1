using System.Text.Json.Nodes;
using CrmServerless.Crm.Delivery;

namespace CrmServerless.Crm.Api;

/// <summary>A dead letter without what the customer wrote.</summary>
/// <param name="Id">Its address; <c>broker~...</c> for one in the broker's own queue.</param>
/// <param name="Account">The account.</param>
/// <param name="Stage">The stage that could not handle it.</param>
/// <param name="Subject">The fact's subject.</param>
/// <param name="Kind">The fact's kind.</param>
/// <param name="Customer">The customer's key, masked.</param>
/// <param name="Error">Type and place of the fault.</param>
/// <param name="FirstSeenAt">When it first died.</param>
/// <param name="LastSeenAt">When it last died.</param>
/// <param name="Attempts">Deliveries, all tries together.</param>
/// <param name="Committed">Whether the stage's commit had happened.</param>
/// <param name="Retries">How often it was retried by hand.</param>
/// <param name="Payload">The fact's content, masked.</param>
public sealed record DeadLetterView(
    string Id, string Account, string Stage, string Subject, string? Kind, string? Customer, string Error,
    DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, int Attempts, bool Committed, int Retries, JsonNode? Payload)
{
    public const string BrokerPrefix = "broker~";

    public static DeadLetterView Of(DeadLetter letter) =>
        new(letter.Id, letter.Account, letter.Stage, letter.Subject, letter.Kind, letter.Fact is { } f ? Masked.Id(f.Key) : null, letter.Error,
            letter.FirstSeenAt, letter.LastSeenAt, letter.Attempts, letter.Committed, letter.Retries, letter.Fact is { } fact ? Masked.Of(fact.Data) : null);

    public static DeadLetterView Of(BrokerLetter letter) =>
        new(BrokerPrefix + letter.Id, letter.Fact?.Account ?? DeadLetters.UnknownAccount, letter.Stage, letter.Fact?.Subject ?? "unreadable", letter.Fact?.Kind,
            letter.Fact is { } f ? Masked.Id(f.Key) : null, "The broker gave up: the message ended the process, or no stage answered for it.",
            letter.At, letter.At, letter.Deliveries, false, 0, letter.Fact is { } fact ? Masked.Of(fact.Data) : null);
}

/// <summary>Dead letters with one cause.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Error">The fault.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstSeenAt">The earliest.</param>
/// <param name="LastSeenAt">The latest.</param>
/// <param name="Items">Some of them.</param>
public sealed record DeadLetterCause(
    string Stage, string Error, int Count, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, IReadOnlyList<DeadLetterView> Items);

/// <summary>Names a cause for "all of it".</summary>
public sealed record CauseOrder(string? Stage, string? Error);

/// <param name="Count">How many letters it was done to.</param>
public sealed record TriageResult(int Count);
