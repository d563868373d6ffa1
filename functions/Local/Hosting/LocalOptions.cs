using System.Globalization;
using System.Net;
using CrmServerless.Local.Simulator;

namespace CrmServerless.Local.Hosting;

/// <summary>What the command line says.</summary>
public sealed record LocalOptions
{
    /// <summary>Where to listen; loopback only.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:7071";

    /// <summary>Folder of the databases; <c>.crm</c>, or <c>.crm-demo</c> with <c>--demo</c>.</summary>
    public string? Data { get; init; }

    /// <summary>Settings in the shape of <c>local.settings.json</c>; null: that file if present, else the sample.</summary>
    public string? Settings { get; init; }

    /// <summary>Play a day of a tea shop's customers.</summary>
    public bool Demo { get; init; }

    /// <summary>Call the real WeChat API instead of the simulator.</summary>
    public bool Real { get; init; }

    /// <summary>How often the simulated stores fail from the start on; null: as with nothing said, never.</summary>
    public TroubleShares? Troubles { get; init; }

    /// <summary>Followers that each Official Account has in the simulator, made up as they are asked for; 0 to 10,000,000.</summary>
    public int Followers { get; init; }

    /// <summary>Run in this process alone, without the small parent that restarts it after the page's power cut.</summary>
    public bool Alone { get; init; }

    /// <summary>Take callbacks and run no stage: what was taken waits for the next start. For measuring.</summary>
    public bool ReceiveOnly { get; init; }

    /// <summary>Set by the parent: the pipes between it and this process.</summary>
    public string? Parent { get; init; }

    /// <summary>Set by the parent on a restart: where a demo's clock stood.</summary>
    public DateTimeOffset? ResumeAt { get; init; }

    public bool Help { get; init; }

    public string DataFolder => Path.GetFullPath(Data ?? (Demo ? ".crm-demo" : ".crm"));

    private const int StandardFollowers = 2000;

    public const string Usage = """
        用法 Usage: dotnet run --project functions/Local -- [options]
          --urls URL        listen here, loopback only (default http://127.0.0.1:7071)
          --data DIR        databases (default .crm, with --demo .crm-demo)
          --settings FILE   settings in the shape of local.settings.json
          --demo            play one Shanghai day of a tea shop in a minute
          --alone           one process: no parent, and no power cut on the page
          --receive-only    take callbacks and run no stage; what was taken waits for the next start
          --real            call the real WeChat API instead of the simulator
          --followers N     followers that each account has in the simulator, up to 10000000 (default 2000)
          --troubles LIST   let stores fail at random, e.g. bus=0.05,spill=0.01,slow=0.001
        """;

    /// <exception cref="StartException">An option is unknown or lacks its value.</exception>
    public static LocalOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LocalOptions { Followers = StandardFollowers };
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => i + 1 < args.Count ? args[++i] : throw new StartException($"{args[i]} needs a value. Run with --help for the options.");
            options = args[i] switch
            {
                "--urls" => options with { Urls = Value() },
                "--data" => options with { Data = Value() is { Length: > 0 } folder ? folder : throw new StartException("--data needs a folder.") },
                "--settings" => options with { Settings = Value() },
                "--demo" => options with { Demo = true },
                "--real" => options with { Real = true },
                "--troubles" => options with { Troubles = Share(Value()) },
                "--followers" => options with { Followers = Count(Value()) },
                "--alone" => options with { Alone = true },
                "--receive-only" => options with { ReceiveOnly = true },
                "--parent" => options with { Parent = Value() },
                "--resume-at" => options with { ResumeAt = DateTimeOffset.Parse(Value(), CultureInfo.InvariantCulture) },
                "--help" or "-h" => options with { Help = true },
                var unknown => throw new StartException($"{unknown} is no option here. Run with --help for the options."),
            };
        }

        if (options is { Demo: true, ReceiveOnly: true }) throw new StartException("--demo shows the stages at work; it does not go with --receive-only.");
        if (options is { Demo: true, Real: true }) throw new StartException("--demo plays with the simulator; it does not go with --real.");
        if (options is { Troubles: not null, Real: true }) throw new StartException("--troubles are the simulator's; they do not go with --real.");
        foreach (var url in options.Urls.Split(';')) CheckLoopback(url);
        return options;
    }

    private static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 10_000_000
        ? count
        : throw new StartException($"--followers {text}: expected 0 to 10000000.");

    private static TroubleShares Share(string text) => TroubleShares.Parse(text)
        ?? throw new StartException($"--troubles {text}: expected shares from 0 to 1, such as bus=0.05,spill=0.01,slow=0.001.");

    // The ops API trusts whoever sits at this machine, so nobody else may reach it.
    private static void CheckLoopback(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "http" || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new StartException($"--urls: {url} is no address such as http://127.0.0.1:7071.");
        var numeric = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip);
        if (uri.Host == "localhost" && uri.Port == 0) throw new StartException("--urls: with port 0 write http://127.0.0.1:0.");
        // Kestrel takes a name that it does not know for every address of the machine.
        if (uri.Host != "localhost" && !(numeric && IPAddress.IsLoopback(ip!)))
            throw new StartException($"--urls: {uri.Host} can be reached from outside; this host listens on loopback only. Use a tunnel to http://127.0.0.1:7071.");
    }
}

/// <summary>The host cannot start; the message is one sentence for the person at the terminal.</summary>
public sealed class StartException : Exception
{
    public StartException() { }

    public StartException(string message) : base(message) { }

    public StartException(string message, Exception inner) : base(message, inner) { }
}
