namespace CrmServerless.Local.Simulator.Front;

/// <summary>The profiles in force. Changed while the host runs.</summary>
public sealed class FaultProfiles
{
    private readonly Lock gate = new();
    private List<(FaultProfile Profile, Random Random)> profiles = [];

    public IReadOnlyList<FaultProfile> InForce
    {
        get
        {
            lock (gate) return [.. profiles.Select(p => p.Profile)];
        }
    }

    /// <summary>Takes the place of what was set for the same scope and for anything narrower.</summary>
    public void Set(FaultProfile profile)
    {
        lock (gate)
        {
            profiles.RemoveAll(p => (profile.Account is null || p.Profile.Account == profile.Account) && (profile.Api is null || p.Profile.Api == profile.Api));
            if (profile.Kind == ProfileKind.Normal && !profiles.Exists(p => p.Profile.Narrowness < profile.Narrowness)) return;
            // Faults are play, not secrets; a seed makes them the same each time.
            profiles.Add((profile, profile.Seed is { } seed ? new Random(seed) : new Random()));
            profiles = [.. profiles.OrderByDescending(p => p.Profile.Narrowness)];
        }
    }

    /// <summary>What befalls this call.</summary>
    public Fault Draw(string? account, string api)
    {
        lock (gate)
        {
            var (profile, random) = profiles.Find(p => p.Profile.Covers(account, api));
            return profile?.Kind switch
            {
                ProfileKind.Slow => new Fault(TimeSpan.FromSeconds(1 + (3 * random.NextDouble())), FaultKind.None),
                ProfileKind.Down => new Fault(TimeSpan.Zero, random.Next(2) == 0 ? FaultKind.CutBefore : FaultKind.Unavailable),
                ProfileKind.Flaky => new Fault(TimeSpan.Zero, Flaky(profile, random.NextDouble())),
                _ => default,
            };
        }
    }

    /// <summary>The profile by which this API's quota is used up, if there is one.</summary>
    public FaultProfile? Quota(string account, string api)
    {
        lock (gate) return profiles.Find(p => p.Profile.Covers(account, api)).Profile is { Kind: ProfileKind.Quota } profile ? profile : null;
    }

    /// <summary>The quotas of an account are reset.</summary>
    public void ForgetQuotas(string account)
    {
        lock (gate) profiles.RemoveAll(p => p.Profile.Kind == ProfileKind.Quota && (p.Profile.Account is null || p.Profile.Account == account));
    }

    /// <summary>Quotas that are open again by themselves are profiles no more.</summary>
    public void ForgetOver(Func<FaultProfile, bool> over)
    {
        lock (gate) profiles.RemoveAll(p => p.Profile.Kind == ProfileKind.Quota && over(p.Profile));
    }

    private static FaultKind Flaky(FaultProfile profile, double drawn)
    {
        if (drawn < profile.Busy) return FaultKind.Busy;
        if (drawn < profile.Busy + profile.BadGateway) return FaultKind.BadGateway;
        return drawn < profile.Busy + profile.BadGateway + profile.Cut ? FaultKind.CutAfter : FaultKind.None;
    }
}
