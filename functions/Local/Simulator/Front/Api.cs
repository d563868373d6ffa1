namespace CrmServerless.Local.Simulator.Front;

/// <summary>One API of a platform: where it is, what it takes, how often it may be called, what it does.</summary>
/// <param name="Path">Without a leading slash, such as <c>cgi-bin/user/info</c>.</param>
/// <param name="Body">The form of the JSON body; null for a GET, and for an upload.</param>
/// <param name="Handle">Decides on the state of one account, which no other call touches meanwhile.</param>
public sealed record Api(string Path, Shape? Body, Func<Call, Reply> Handle)
{
    /// <summary>Calls a day that the platform grants; 0: no limit.</summary>
    public int Daily { get; init; } = 100_000;

    /// <summary>Calls a minute that the platform grants; 0: no limit.</summary>
    public int Minutely { get; init; }

    /// <summary>Calls an hour that the platform grants; 0: no limit.</summary>
    public int Hourly { get; init; }

    /// <summary>Whether it takes a token; without one it gives tokens, or takes a secret.</summary>
    public bool NeedsToken { get; init; } = true;

    /// <summary>Takes multipart/form-data with a file instead of JSON.</summary>
    public bool Upload { get; init; }

    /// <summary>GET or POST.</summary>
    public string Method => Body is null && !Upload ? "GET" : "POST";

    public static Api Get(string path, Func<Call, Reply> handle) => new(path, null, handle);

    public static Api Post(string path, Shape body, Func<Call, Reply> handle) => new(path, body, handle);
}
