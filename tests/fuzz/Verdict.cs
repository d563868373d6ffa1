using System.Text;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Fuzz;

/// <summary>What must hold of every answer, whatever was sent.</summary>
public static class Verdict
{
    private static readonly int[] Statuses = [200, 400, 403, 404, 413, 429];
    private static readonly string[] Headers = ["Content-Type", "Content-Length", "X-Content-Type-Options"];
    private static readonly string[] RefusalHeaders = [.. Headers, "Retry-After", "Connection"];

    /// <summary>What is wrong; null if nothing is.</summary>
    public static string? Of(FuzzCase call, Outcome outcome) =>
        !Statuses.Contains(outcome.Status) ? $"status {outcome.Status}"
        : outcome.Status == 200 ? Accepted(call, outcome)
        : Refused(call, outcome);

    /// <summary>One word for the table: the status, or of an accepted call what became of it.</summary>
    public static string Name(FuzzCase call, Outcome outcome) =>
        outcome.Status != 200 ? $"{outcome.Status}"
        : call.Method == "GET" ? "verified"
        : outcome.Fact is { } fact && fact.Kind.EndsWith("quarantined", StringComparison.Ordinal) ? "quarantined"
        : outcome.Body.Length > "success".Length ? "answered"
        : "accepted";

    private static string? Refused(FuzzCase call, Outcome outcome)
    {
        if (call.Stage == Stage.Nothing) return $"a genuine callback got {outcome.Status}";
        if (outcome.Fact is not null) return "refused, and published all the same";
        if (!outcome.Body.AsSpan().SequenceEqual("refused"u8)) return "a refusal that looks different";
        if (outcome.Headers["Content-Type"] != "text/plain; charset=utf-8") return "a refusal of another type";
        if (outcome.Headers.Keys.Except(RefusalHeaders, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } header) return $"the header {header}";
        if (outcome.Status == 429 != outcome.Headers.ContainsKey("Retry-After")) return "Retry-After belongs to 429";
        return null;
    }

    private static string? Accepted(FuzzCase call, Outcome outcome)
    {
        if (outcome.Headers.Keys.Except(Headers, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } header) return $"the header {header}";
        if (call.Method == "GET") return outcome.Fact is null ? null : "a verification that published something";
        if (outcome.Fact is not { } fact) return "accepted, and nothing was published";
        var answer = Encoding.UTF8.GetString(outcome.Body);
        // WeCom wants the word for what comes to a suite's command address, whose envelope says InfoType, and else nothing.
        var expected = call.Target.Channel == "oa" || IsCommand(fact) ? "success" : "";
        if (answer != expected && !IsSealedAnswer(call, answer)) return $"an answer that is none of ours: {answer}";
        return Fact(call, fact);
    }

    private static bool IsCommand(Envelope fact) =>
        ChannelParser.TryParse(fact.Read(CrmJson.Types.EventReceived).Payload, Channel.WeCom, out var callback, out _) && callback is WeComCallback { SuiteId: not null };

    // An account that answers in the response: encrypted, as what it answers was.
    private static bool IsSealedAnswer(FuzzCase call, string answer) =>
        call.Target.Account.Reply == ReplyWay.Passive
        && (answer.StartsWith('{') ? answer.Contains("\"Encrypt\":", StringComparison.Ordinal) : answer.Contains("<Encrypt>", StringComparison.Ordinal))
        && !answer.Contains("ToUserName", StringComparison.Ordinal);

    private static string? Fact(FuzzCase call, Envelope fact)
    {
        if (!Keys.IsLegal(fact.Id) || !Keys.IsLegal(fact.Key) || fact.Root != fact.Id) return "an illegal id or key";
        if (fact.Account != call.Account) return "a key of another account";
        if (fact.Kind.Length == 0 || fact.Kind.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_'))) return "an illegal kind";
        var bytes = fact.ToUtf8Bytes();
        if (!Envelope.TryRead(bytes, out var again) || !again!.ToUtf8Bytes().AsSpan().SequenceEqual(bytes)) return "JSON that does not come back as it was";
        var received = again.Read(CrmJson.Types.EventReceived);
        if (received.Kind != fact.Kind) return "two kinds";
        return call.Sealed is null || received.Payload == call.Sealed || HidesPlace(call) ? null
            : $"a payload that is not whole, of kind {fact.Kind}: {received.Payload}";
    }

    // Where an account drops locations, that part of the payload is not kept on purpose.
    private static bool HidesPlace(FuzzCase call) =>
        call.Target.Account.Location == LocationPolicy.Drop && call.Sealed!.Contains("LOCATION", StringComparison.Ordinal);
}
