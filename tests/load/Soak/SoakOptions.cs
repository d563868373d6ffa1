using System.Globalization;

namespace CrmServerless.Load;

/// <summary>What is to be endured.</summary>
internal sealed record SoakOptions
{
    public required Account Account { get; init; }

    public required string Settings { get; init; }

    public required int Callbacks { get; init; }

    public required int Customers { get; init; }

    public required int Senders { get; init; }

    /// <summary>Callbacks a second, all senders together, on average over bursts and pauses.</summary>
    public required double Rate { get; init; }

    public required int Kills { get; init; }

    /// <summary>Stops by SIGTERM instead of SIGKILL.</summary>
    public required bool Gentle { get; init; }

    public required double BusFaults { get; init; }

    public required double SpillFaults { get; init; }

    public required int Seed { get; init; }

    /// <summary>The host's dll; null: built from this repository.</summary>
    public required string? Host { get; init; }

    public required int? Port { get; init; }

    /// <summary>Null: a temporary folder.</summary>
    public required string? Data { get; init; }

    /// <summary>Leaves the data folder where it is.</summary>
    public required bool Keep { get; init; }

    public bool Faults => BusFaults + SpillFaults > 0;

    /// <summary>What the host is told besides.</summary>
    public string[] HostWords =>
        Faults ? ["--troubles", string.Create(CultureInfo.InvariantCulture, $"bus={BusFaults},spill={SpillFaults}")] : [];

    public static SoakOptions From(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var options = new SoakOptions
        {
            Settings = settings, Account = Account.From(arguments, settings),
            Callbacks = arguments.Number("callbacks", 20_000), Customers = arguments.Number("customers", 500),
            Senders = arguments.Number("senders", 32), Rate = arguments.Number("rate", 300.0), Kills = arguments.FromZero("kills", 20), Gentle = arguments.Flag("gentle"),
            BusFaults = arguments.FromZero("bus-faults", 0.0), SpillFaults = arguments.FromZero("spill-faults", 0.0),
            Seed = arguments.FromZero("seed", Environment.TickCount & 0xFFFF), Host = arguments.Optional("host"),
            Port = arguments.Number<int>("port"), Data = arguments.Optional("data"), Keep = arguments.Flag("keep"),
        };
        arguments.NothingElse();
        return options.Customers >= options.Senders && options is { BusFaults: < 1, SpillFaults: < 1 } ? options
            : throw new UsageException("Every sender needs a customer of its own, and faults are shares below 1.");
    }
}
