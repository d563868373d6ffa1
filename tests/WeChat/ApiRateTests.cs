using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Callbacks;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.WeChat;

/// <summary>Our own limits of calls, over several instances.</summary>
public sealed partial class ApiRateTests
{
    private const string Api = "cgi-bin/externalcontact/get";

    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);

    private readonly ManualClock clock = new(Noon);
    private readonly MemoryState shared = new();

    /// <summary>
    /// Three instances, two accounts, calls and time in any order. Never more than a limit in a window; and when an
    /// instance refuses, what the others may still hold is less than a chunk each.
    /// </summary>
    [Fact]
    public void In_no_window_are_more_calls_made_than_allowed_and_few_fewer() =>
        Gen.Select(
            Gen.Select(Gen.Int[1, 120], Gen.Int[1, 400], Gen.Int[1, 250], Gen.Int[1, 800]),
            Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[1, 60], Gen.Int[0, 40]).Array[1, 60])
        .Sample((limits, steps) =>
        {
            var (time, state) = (new FakeTimeProvider(Noon), new MemoryState());
            var (perMinute, perHour, allPerMinute, allPerHour) = limits;
            var options = new WeChatApiOptions { WeComRates = new() { PerMinute = perMinute, PerHour = perHour, AllPerMinute = allPerMinute, AllPerHour = allPerHour } };
            var instances = Enumerable.Range(0, 3).Select(_ => new ApiRates(state, options, time)).ToArray();
            var made = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (instance, account, calls, seconds) in steps)
            {
                for (var i = 0; i < calls; i++)
                {
                    var (minute, hour) = ($"{time.GetUtcNow():HHmm}", $"{time.GetUtcNow():HH}");
                    var refused = Take(instances[instance], Company($"a{account}"));
                    if (refused is not null)
                    {
                        Assert.Equal((ApiErrors.OwnLimit, ApiFault.Quota), (refused.ErrCode, refused.Fault));
                        // At most one chunk for each other instance and account is left of whatever refused.
                        Assert.True(
                            IsSpent(made, $"a{account} {minute}", perMinute, 1) || IsSpent(made, $"a{account} {hour}", perHour, 1)
                            || made.GetValueOrDefault(minute) >= Reserved(allPerMinute) || made.GetValueOrDefault(hour) >= Reserved(allPerHour));
                        break;
                    }

                    foreach (var window in (string[])[$"a{account} {minute}", $"a{account} {hour}", minute, hour])
                        made[window] = made.GetValueOrDefault(window) + 1;
                    Assert.True(made[$"a{account} {minute}"] <= perMinute && made[$"a{account} {hour}"] <= perHour);
                    Assert.True(made[minute] <= allPerMinute && made[hour] <= allPerHour);
                }

                time.Advance(TimeSpan.FromSeconds(seconds));
            }

            // Of two accounts one may find the other's half reserved.
            static int Reserved(int limit) => (limit / 2) - (5 * RateRules.Chunk(limit));
            static bool IsSpent(Dictionary<string, int> made, string window, int limit, int accounts) =>
                made.GetValueOrDefault(window) >= limit - (2 * accounts * RateRules.Chunk(limit));
        }, iter: 300, threads: 1);

    [Fact]
    public void A_limit_is_used_to_its_end_by_one_instance()
    {
        var rates = Rates(new() { PerMinute = 1000 });
        for (var i = 0; i < 1000; i++) Assert.Null(Take(rates, Company("a")));
        var refused = Take(rates, Company("a"))!;
        Assert.Equal((ApiErrors.OwnLimit, ApiFault.Quota, false), (refused.ErrCode, refused.Fault, refused.OutcomeUnknown));
        Assert.InRange(refused.NotBefore!.Value, Noon.AddMinutes(1), Noon.AddMinutes(1).AddSeconds(3));
        Assert.Equal([new ClosedApi("a", Api, ApiErrors.OwnLimit, Noon.AddMinutes(1))], rates.UsedUp(Noon));
        Assert.Null(Take(rates, Company("a"), "cgi-bin/other"));
        Assert.Null(Take(rates, Company("b")));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Take(rates, Company("a")));
        Assert.Empty(rates.UsedUp(clock.GetUtcNow()));
    }

    [Fact]
    public void An_hour_is_an_hour_of_the_clock()
    {
        clock.Advance(TimeSpan.FromMinutes(59));
        var rates = Rates(new() { PerHour = 3 });
        for (var i = 0; i < 3; i++) Assert.Null(Take(rates, Company("a")));
        Assert.InRange(Take(rates, Company("a"))!.NotBefore!.Value, Noon.AddHours(1), Noon.AddHours(1).AddSeconds(10));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Take(rates, Company("a")));
    }

    [Fact]
    public void The_state_is_asked_once_a_chunk_and_not_again_after_a_refusal()
    {
        var counted = new TroubledState(shared);
        var rates = Rates(new() { PerMinute = 10_000 }, counted);
        for (var i = 0; i < 200; i++) Take(rates, Company("a"));
        Assert.Equal((1, 1), (counted.Reads, counted.Writes));
        for (var i = 200; i < 10_000; i++) Take(rates, Company("a"));
        Assert.Equal((50, 50), (counted.Reads, counted.Writes));
        for (var i = 0; i < 100; i++) Assert.NotNull(Take(rates, Company("a")));
        Assert.Equal((51, 50), (counted.Reads, counted.Writes));
    }

    [Fact]
    public void Without_a_limit_nothing_is_shared_and_nothing_allocated()
    {
        var counted = new TroubledState(shared);
        var rates = Rates(new(), counted);
        var account = Company("a");
        for (var i = 0; i < 100; i++) Take(rates, account);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Take(rates, account);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal((0, 0), (counted.Reads, counted.Writes));
    }

    [Fact]
    public void An_account_that_is_faster_leaves_the_others_their_share()
    {
        var (one, two) = (Rates(new() { AllPerMinute = 900 }), Rates(new() { AllPerMinute = 900 }));
        foreach (var account in (string[])["a", "b", "c"]) Assert.Null(Take(one, Company(account)));
        clock.Advance(TimeSpan.FromMinutes(1));
        // a comes first and takes all it gets; b and c, who called in the last minute, still find their third each.
        Assert.InRange(Burst(one, "a"), 300, 300 + (2 * 18));
        Assert.InRange(Burst(two, "b"), 300 - (2 * 18), 300 + (2 * 18));
        Assert.InRange(Burst(two, "c"), 300 - (2 * 18), 300 + (2 * 18));
        // Nobody else called in the last minute but one: who is alone gets all.
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(900, Burst(one, "a"));
    }

    [Fact]
    public void Who_came_too_late_in_one_window_has_a_share_in_the_next()
    {
        var rates = Rates(new() { AllPerMinute = 100 });
        Assert.Equal(100, Burst(rates, "a"));
        Assert.Equal(0, Burst(rates, "b"));
        Assert.Equal("*", rates.UsedUp(Noon).First(u => u.Account == "b").Api);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(50, Burst(rates, "a"));
        Assert.Equal(50, Burst(rates, "b"));
    }

    [Fact]
    public void What_all_may_not_an_account_does_not_spend_of_its_own()
    {
        var rates = Rates(new() { PerMinute = 50, AllPerMinute = 10 });
        Assert.Equal(10, Burst(rates, "a"));
        Assert.InRange(Counters("~ww-a")["minute"].Taken[Api], 10, 11);
    }

    [Fact]
    public void Without_the_state_an_instance_allows_itself_a_tenth()
    {
        var store = new TroubledState(shared) { Down = true };
        var rates = Rates(new() { PerMinute = 100, AllPerMinute = 500 }, store);
        Assert.Equal(10, Burst(rates, "a"));
        Assert.InRange(Take(rates, Company("a"))!.NotBefore!.Value, Noon.AddSeconds(5), Noon.AddSeconds(7));
        // It is not asked at every call.
        var reads = store.Reads;
        for (var i = 0; i < 50; i++) Take(rates, Company("a"));
        Assert.Equal(reads, store.Reads);
        store.Down = false;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(100, Burst(rates, "a"));
    }

    [Fact]
    public void An_instance_whose_clock_is_behind_draws_from_the_window_of_the_others()
    {
        var behind = new FakeTimeProvider(Noon.AddSeconds(-3));
        WeChatApiOptions options = new() { WeComRates = new() { PerMinute = 100 } };
        var (late, early) = (new ApiRates(shared, options, clock), new ApiRates(shared, options, behind));
        Assert.Equal(100, Burst(late, "a"));
        Assert.Equal(0, Burst(early, "a"));
        behind.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, Burst(early, "a"));
        behind.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(100, Burst(early, "a"));
    }

    [Fact]
    public void A_counter_of_a_clock_that_is_far_ahead_begins_anew()
    {
        var wrong = new FakeTimeProvider(Noon.AddDays(1));
        WeChatApiOptions options = new() { WeComRates = new() { PerMinute = 100 } };
        Assert.Equal(100, Burst(new ApiRates(shared, options, wrong), "a"));
        Assert.Equal(100, Burst(new ApiRates(shared, options, clock), "a"));
    }

    [Fact]
    public async Task Many_callers_at_once_on_two_instances_get_exactly_the_limit()
    {
        WeChatApiOptions options = new() { WeComRates = new() { PerMinute = 60, AllPerMinute = 1000 } };
        ApiRates[] instances = [new(shared, options, clock), new(shared, options, clock)];
        var callers = Enumerable.Range(0, 100).Select(i => Task.Run(() => instances[i % 2].Take(Company("a"), Api, default).AsTask())).ToArray();
        var results = await clock.RunUntil(Task.WhenAll(callers), TimeSpan.FromMilliseconds(5));
        Assert.Equal(60, results.Count(r => r is null));
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_lose_what_was_drawn_for_all()
    {
        var arrived = new TaskCompletionSource();
        var store = new TroubledState(shared);
        store.BeforeWrite[1] = () => arrived.Task;
        var rates = Rates(new() { PerMinute = 100 }, store);
        using var impatient = new CancellationTokenSource();
        var first = rates.Take(Company("a"), Api, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        arrived.SetResult();
        Assert.Equal(100, Burst(rates, "a"));
    }

    [Fact]
    public void A_share_that_others_have_not_filled_is_left_to_them()
    {
        var counter = new RateCounter { Taken = new Dictionary<string, int> { ["a"] = 40, ["b"] = 10 }, Before = ["b", "c"] };
        // 120 of three: 40 each. b lacks 30, c 40: of the 70 that are left nothing is free for a, 30 for b and 40 for c.
        Assert.Equal(0, RateRules.Fair(counter, "a", 120));
        Assert.Equal(2, RateRules.Fair(counter, "b", 120));
        Assert.Equal(2, RateRules.Fair(counter, "c", 120));
        // d makes four: 30 each; b lacks 20, c 30, so 20 are free.
        Assert.Equal(2, RateRules.Fair(counter, "d", 120));
        Assert.Equal(0, RateRules.Fair(counter with { Taken = new Dictionary<string, int> { ["a"] = 70 } }, "d", 120));
    }

    private static AccountCredentials Company(string name) => Application(name, "ww-" + name);

    private static AccountCredentials Application(string name, string corpId) => new(name, corpId, "s3cret", Channel.WeCom);

    // A draw runs on another thread; nothing waits for the clock as long as nobody else writes.
    private static ApiResult? Take(ApiRates rates, AccountCredentials account, string api = Api)
    {
        var take = rates.Take(account, api, default);
        return take.IsCompleted ? take.Result : take.AsTask().InTime().GetAwaiter().GetResult();
    }

    private static int Burst(ApiRates rates, string account)
    {
        for (var made = 0; ; made++)
            if (Take(rates, Company(account)) is not null) return made;
    }

    private Dictionary<string, RateCounter> Counters(string scope) => System.Text.Json.JsonSerializer.Deserialize(
        shared.Read(scope, "rates", default).AsTask().Result!.Value.Span, SharedStateJson.Default.DictionaryStringRateCounter)!;

    private ApiRates Rates(ApiRateLimits limits, ISharedState? state = null) => new(state ?? shared, new WeChatApiOptions { WeComRates = limits }, clock);
}
