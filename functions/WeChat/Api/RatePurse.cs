namespace CrmServerless.WeChat.Api;

/// <summary>What one instance has drawn from the limits of a minute and of an hour and not yet spent. All methods are safe for threads.</summary>
/// <param name="scope">Where the shared counters are: an account, a company, or all.</param>
/// <param name="prefix">Of the counters' names there.</param>
/// <param name="name">Who draws: an API of the account or company, or an account among all.</param>
/// <param name="perMinute">The limit; 0: none.</param>
/// <param name="perHour">The limit; 0: none.</param>
internal sealed class RatePurse(string scope, string prefix, string name, int perMinute, int perHour)
{
    /// <summary>How long the state is left alone after it did not answer and our own share of the outage is spent.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Pocket[] pockets =
    [
        .. perMinute > 0 ? [new Pocket(prefix + "minute", TimeSpan.FromMinutes(1), perMinute)] : Array.Empty<Pocket>(),
        .. perHour > 0 ? [new Pocket(prefix + "hour", TimeSpan.FromHours(1), perHour)] : Array.Empty<Pocket>(),
    ];

    private Task<bool>? drawing;

    public string Scope => scope;

    public string Name => name;

    /// <summary>Until when there is nothing more to spend, as far as is known.</summary>
    public DateTimeOffset? SpentUntil(DateTimeOffset now)
    {
        lock (gate)
        {
            DateTimeOffset? latest = null;
            foreach (var pocket in pockets)
                if (now < pocket.SpentUntil && (latest is null || pocket.SpentUntil > latest)) latest = pocket.SpentUntil;
            return latest;
        }
    }

    /// <summary>Spends one call of every limit: true; false if more must be drawn first, or see <see cref="SpentUntil"/>.</summary>
    public bool Spend(DateTimeOffset now, out long stamp)
    {
        lock (gate)
        {
            var enough = true;
            foreach (var pocket in pockets)
            {
                pocket.Turn(now);
                enough &= pocket.Left > 0;
            }

            stamp = pockets[0].Window;
            if (!enough) return false;
            foreach (var pocket in pockets) pocket.Left--;
            return true;
        }
    }

    /// <summary>Puts back what was spent under <paramref name="stamp"/>; nothing if its window is over.</summary>
    public void GiveBack(long stamp)
    {
        lock (gate)
        {
            if (pockets[0].Window != stamp) return;
            foreach (var pocket in pockets) pocket.Left++;
        }
    }

    /// <summary>One draw at a time, however many callers wait for it.</summary>
    public Task<bool> Draw(Func<RatePurse, Task<bool>> draw)
    {
        // Not on this thread: the state may do its work before it awaits anything, and this lock is on every call's way.
        lock (gate) return drawing is { IsCompleted: false } ? drawing : drawing = Task.Run(() => draw(this));
    }

    /// <summary>What a draw makes of the shared counters; those that change.</summary>
    public IReadOnlyList<(string Counter, RateCounter Next, int Drawn)> Ask(
        IReadOnlyDictionary<string, RateCounter> counters, bool fair, DateTimeOffset now)
    {
        lock (gate)
        {
            var asked = new List<(string, RateCounter, int)>();
            foreach (var pocket in pockets)
            {
                pocket.Turn(now);
                if (pocket.Left > 0) continue;
                var counter = RateRules.At(counters.GetValueOrDefault(pocket.Counter), Math.Max(pocket.Window, RateRules.Window(now, pocket.Length)), pocket.Length);
                var drawn = fair ? RateRules.Fair(counter, name, pocket.Limit) : RateRules.Own(counter, name, pocket.Limit);
                asked.Add((pocket.Counter, RateRules.Draw(counter, name, drawn), drawn));
            }

            return asked;
        }
    }

    /// <summary>The draw is written: what it brought may be spent; where it brought nothing, the window's limit is used up.</summary>
    public void Credit(IReadOnlyList<(string Counter, RateCounter Next, int Drawn)> drawn)
    {
        lock (gate)
        {
            foreach (var (counter, next, calls) in drawn)
            {
                var pocket = pockets.First(p => p.Counter == counter);
                if (next.Window != pocket.Window) pocket.Begin(next.Window);
                pocket.Left += calls;
                if (pocket.Left == 0) pocket.SpentUntil = RateRules.End(next.Window, pocket.Length);
            }
        }
    }

    /// <summary>The state does not answer: once a window a tenth of the limit is ours.</summary>
    public void GoAlone(DateTimeOffset now)
    {
        lock (gate)
        {
            foreach (var pocket in pockets)
            {
                pocket.Turn(now);
                if (pocket.Left > 0) continue;
                if (pocket.AloneIn != pocket.Window) (pocket.AloneIn, pocket.Left) = (pocket.Window, Math.Max(1, pocket.Limit / 10));
                else pocket.SpentUntil = Least(now + Rest, RateRules.End(pocket.Window, pocket.Length));
            }
        }
    }

    private static DateTimeOffset Least(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private sealed class Pocket(string counter, TimeSpan length, int limit)
    {
        public string Counter => counter;

        public TimeSpan Length => length;

        public int Limit => limit;

        public long Window { get; private set; }

        public int Left { get; set; }

        public DateTimeOffset SpentUntil { get; set; }

        public long AloneIn { get; set; } = -1;

        /// <summary>What was not spent in a window is void in the next.</summary>
        public void Turn(DateTimeOffset now)
        {
            if (RateRules.Window(now, length) is var window && window > Window) Begin(window);
        }

        public void Begin(long window) => (Window, Left, SpentUntil) = (window, 0, default);
    }
}
