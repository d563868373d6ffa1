using System.Globalization;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Simulator;

/// <summary>How often a store fails when the simulator plays a bad day. Shares of calls, 0 to 1.</summary>
/// <param name="Bus">Publishing fails: before it, after it, or in the middle of a batch.</param>
/// <param name="Spill">A call to the spill fails, before or after its work.</param>
/// <param name="Slow">Publishing takes longer than a callback can wait for it, and then happens all the same.</param>
public sealed record TroubleShares(double Bus = 0, double Spill = 0, double Slow = 0)
{
    /// <summary>Null unless each is a share.</summary>
    public string? Fault => Bus is >= 0 and <= 1 && Spill is >= 0 and <= 1 && Slow is >= 0 and <= 1 ? null : "bus, spill and slow: 0 to 1.";

    /// <summary>Reads <c>bus=0.05,spill=0.01</c>; null if it is not of that form.</summary>
    public static TroubleShares? Parse(string text)
    {
        var shares = new TroubleShares();
        foreach (var part in text.Split(','))
        {
            if (part.Split('=') is not [var name, var number] || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
                return null;
            switch (name)
            {
                case "bus": shares = shares with { Bus = share }; break;
                case "spill": shares = shares with { Spill = share }; break;
                case "slow": shares = shares with { Slow = share }; break;
                default: return null;
            }
        }

        return shares.Fault is null ? shares : null;
    }
}

/// <summary>The troubles in force; changed while the host runs.</summary>
public sealed class Troubles(TroubleShares shares)
{
    private volatile TroubleShares shares = shares;

    public TroubleShares Shares
    {
        get => shares;
        set => shares = value;
    }

    public bool Slow => Hits(shares.Slow);

    public bool Bus => Hits(shares.Bus);

    public bool Spill => Hits(shares.Spill);

    public static TransientException Fault() => new("The simulator plays a store that fails.");

    private static bool Hits(double share) => share > 0 && Random.Shared.NextDouble() < share;
}
