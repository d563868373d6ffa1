namespace CrmServerless.WeChat.Api;

/// <summary>Where WeChat's server APIs are, how long a call may take, and how many we allow ourselves.</summary>
public sealed record WeChatApiOptions
{
    /// <summary>Base address of the Official Account API. A simulator may stand here, under a path too.</summary>
    public Uri OfficialAccountBase { get; init; } = new("https://api.weixin.qq.com/");

    /// <summary>Base address of WeCom's API.</summary>
    public Uri WeComBase { get; init; } = new("https://qyapi.weixin.qq.com/");

    /// <summary>Limit of one HTTP call, connecting and reading included. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Limit of an upload or a download of media. Default 60 s.</summary>
    public TimeSpan MediaTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a call that may be repeated is tried again after a passing fault. Default 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Wait before the first of these tries; the next waits double, each with up to half of it more. Default 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls without an answer in a row, of one API of one account, after which it is left alone for a while. Default 5.</summary>
    public int CircuitFailures { get; init; } = 5;

    /// <summary>How long a circuit stays open the first time; doubled each time that its trial call fails too. Default 5 s.</summary>
    public TimeSpan CircuitOpen { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that a circuit stays open. Default 60 s.</summary>
    public TimeSpan CircuitOpenMost { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls that we allow ourselves to an Official Account; WeChat documents daily quotas only, so none by default.</summary>
    public ApiRateLimits OfficialAccountRates { get; init; } = new();

    /// <summary>
    /// Calls that we allow ourselves to WeCom, those that it documents: 10,000 a minute and 150,000 an hour of one API
    /// and company, 20,000 a minute and 600,000 an hour from one address (developer.work.weixin.qq.com/document/path/90312).
    /// </summary>
    public ApiRateLimits WeComRates { get; init; } = new() { PerMinute = 10_000, PerHour = 150_000, AllPerMinute = 20_000, AllPerHour = 600_000 };
}

/// <summary>Limits of calls; 0 is no limit.</summary>
public sealed record ApiRateLimits
{
    /// <summary>Calls to one API in a calendar minute, of one Official Account or of all applications of one company.</summary>
    public int PerMinute { get; init; }

    /// <summary>Calls to one API in an hour of the clock, of one Official Account or of all applications of one company.</summary>
    public int PerHour { get; init; }

    /// <summary>Calls of all accounts to all APIs in a minute, shared fairly between the accounts that call.</summary>
    public int AllPerMinute { get; init; }

    /// <summary>Calls of all accounts to all APIs in an hour, shared fairly between the accounts that call.</summary>
    public int AllPerHour { get; init; }
}
