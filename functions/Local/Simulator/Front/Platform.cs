using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>What the two platforms do differently before an API is reached.</summary>
public abstract class Platform
{
    /// <summary>Where its host stands here.</summary>
    public abstract string Root { get; }

    public abstract IEnumerable<Api> Apis { get; }

    /// <summary>Of whom the state is that a call works on: no two calls of one do so at once.</summary>
    public abstract Lock Gate(Account account);

    /// <summary>The account behind a token, or the refusal.</summary>
    public abstract (Account? Account, Reply? Refusal) Admit(string? token, DateTimeOffset now);

    /// <summary>The account that a call without a token is about; null if there is none such.</summary>
    public abstract Account? Claimed(Func<string, string?> query, System.Text.Json.JsonElement body);

    /// <summary>The refusal of a caller whose address is not listed, or null where this API does not look at it.</summary>
    public abstract Reply? NotListed(Api api, string address);

    public abstract Reply WrongMethod(Api api);

    public abstract Reply Misshapen(Misfit misfit);

    public abstract Reply NotJson { get; }

    /// <summary>The day's calls of one API are used up.</summary>
    public abstract Reply QuotaUsedUp { get; }

    /// <summary>The minute's calls of one API are used up.</summary>
    public abstract Reply MinuteUsedUp { get; }

    /// <summary>The errmsg as this platform writes it.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="path">Of which API.</param>
    /// <param name="address">Of which caller.</param>
    /// <param name="now">When.</param>
    public abstract string Errmsg(Reply reply, string path, string address, DateTimeOffset now);

    /// <summary>Until when a quota that is used up at a moment stays closed.</summary>
    public abstract DateTimeOffset Reopens(DateTimeOffset usedUp);

    /// <summary>For how long an API is closed whose minute is used up, beyond that minute.</summary>
    public abstract TimeSpan MinuteBlock { get; }

    /// <summary>Whose calls are counted together.</summary>
    public abstract string CountedAs(Account account);

    public static Reply Escaped => Reply.Error(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!");

    public static Reply TooLarge => Reply.Error(45002, "content size out of limit");

    public static Reply Busy => Reply.Error(-1, "system error");

    public static Reply UnknownApi(string path) => Reply.Error(40066, $"invalid url: the simulator does not know {path}");
}
