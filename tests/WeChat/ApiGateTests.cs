using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.WeChat;

/// <summary>One API of one account: when it closes, for how long, and who is let in to try it.</summary>
public sealed class ApiGateTests
{
    private static readonly ApiResult Ok = new(0, "ok", ApiFault.None);
    private static readonly ApiResult Silent = ApiResult.Unanswered("timeout", outcomeUnknown: true);
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(2);

    // Noon in China.
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Midnight = new(2026, 11, 24, 16, 0, 0, TimeSpan.Zero);

    private readonly SettableClock clock = new(Noon);

    [Fact]
    public void The_days_quota_closes_an_API_of_an_Official_Account_until_midnight_in_China()
    {
        var gate = Gate(Channel.OfficialAccount);
        Assert.Null(gate.Enter().Refused);
        var (news, notBefore) = gate.Learn(Refused(45009));
        Assert.Equal(("api", 45009), (news!.Api, news.Code));
        Assert.InRange(notBefore!.Value, Midnight, Midnight + Jitter);
        Assert.Equal((45009, notBefore.Value), gate.Closed);
        Assert.Equal((45009, ApiFault.Quota, notBefore), (gate.Enter().Refused!.ErrCode, gate.Enter().Refused!.Fault, gate.Enter().Refused!.NotBefore));
        clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromTicks(1));
        Assert.NotNull(gate.Enter().Refused);
        clock.Advance(Jitter);
        Assert.Null(gate.Enter().Refused);
        Assert.Null(gate.Closed);
    }

    [Theory]
    [InlineData("16:00:00", "16:10:00")]
    [InlineData("16:59:59", "17:09:59")]
    [InlineData("17:00:00", "16:00:00")]
    [InlineData("15:59:59", "16:00:00")]
    public void Just_after_midnight_the_counters_may_not_be_reset_yet(string utc, string until)
    {
        var gate = Gate(Channel.OfficialAccount);
        clock.Advance(At(utc) - Noon);
        var expected = At(until) < At(utc) ? At(until).AddDays(1) : At(until);
        Assert.InRange(gate.Learn(Refused(45009)).NotBefore!.Value, expected, expected + Jitter);
    }

    [Theory]
    [InlineData("04:00:00", "04:01:00")]
    [InlineData("04:00:59.999", "04:01:00")]
    [InlineData("04:01:00", "04:02:00")]
    public void Too_many_calls_in_a_minute_close_it_until_the_next(string utc, string until)
    {
        var gate = Gate(Channel.OfficialAccount);
        clock.Advance(At(utc) - Noon);
        Assert.InRange(gate.Learn(Refused(45011)).NotBefore!.Value, At(until), At(until) + Jitter);
        clock.Advance(TimeSpan.FromSeconds(62));
        Assert.Null(gate.Enter().Refused);
    }

    [Fact]
    public void WeCom_blocks_for_a_minute_then_an_hour_then_until_midnight_in_China()
    {
        var gate = Gate(Channel.WeCom);
        Assert.InRange(gate.Learn(Refused(45009)).NotBefore!.Value - clock.GetUtcNow(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Jitter);
        clock.Advance(TimeSpan.FromSeconds(63));
        Assert.InRange(gate.Learn(Refused(45009)).NotBefore!.Value - clock.GetUtcNow(), TimeSpan.FromHours(1), TimeSpan.FromHours(1) + Jitter);
        clock.Advance(TimeSpan.FromSeconds(3603));
        Assert.InRange(gate.Learn(Refused(45009)).NotBefore!.Value, Midnight, Midnight + Jitter);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 11)]
    public void A_block_that_was_sat_out_is_forgotten(bool answered, int quietMinutes)
    {
        var gate = Gate(Channel.WeCom);
        gate.Learn(Refused(45009));
        clock.Advance(TimeSpan.FromSeconds(63));
        if (answered) gate.Learn(Ok);
        clock.Advance(TimeSpan.FromMinutes(quietMinutes));
        Assert.InRange(gate.Learn(Refused(45009)).NotBefore!.Value - clock.GetUtcNow(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Jitter);
    }

    [Fact]
    public void Twenty_calls_that_are_refused_together_close_it_once()
    {
        var gate = Gate(Channel.WeCom);
        for (var i = 0; i < 20; i++) Assert.Null(gate.Enter().Refused);
        var first = gate.Learn(Refused(45009));
        for (var i = 1; i < 20; i++) Assert.Equal((null, first.NotBefore), gate.Learn(Refused(45009)));
        Assert.InRange(gate.Closed!.Value.Until - clock.GetUtcNow(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Jitter);
        // One that had gone in before and gets through opens nothing.
        gate.Learn(Ok);
        Assert.NotNull(gate.Enter().Refused);
    }

    [Fact]
    public void A_circuit_opens_after_five_calls_without_an_answer_in_a_row()
    {
        var gate = Gate();
        for (var i = 0; i < 4; i++) Assert.Null(gate.Learn(Silent).NotBefore);
        gate.Learn(Refused(40003));
        for (var i = 0; i < 4; i++) Assert.Null(gate.Learn(Silent).NotBefore);
        Assert.Null(gate.Enter().Refused);
        Assert.Equal(clock.GetUtcNow().AddSeconds(5), gate.Learn(Silent).NotBefore);
        var withheld = gate.Enter().Refused!;
        Assert.Equal((-1, ApiFault.Transient, false), (withheld.ErrCode, withheld.Fault, withheld.OutcomeUnknown));
        Assert.Equal((-1, clock.GetUtcNow().AddSeconds(5)), gate.Closed);
    }

    [Fact]
    public void After_the_pause_one_call_is_let_in_and_its_failure_doubles_the_pause_up_to_a_minute()
    {
        var gate = Broken();
        foreach (var seconds in (int[])[5, 10, 20, 40, 60, 60])
        {
            clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.NotNull(gate.Enter().Refused);
            clock.Advance(TimeSpan.FromTicks(1));
            var trial = gate.Enter();
            Assert.True(trial is { Refused: null, IsTrial: true });
            for (var i = 0; i < 10; i++) Assert.Equal(clock.GetUtcNow().AddSeconds(1), gate.Enter().Refused!.NotBefore);
            gate.Learn(Silent, trial);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40003)]
    [InlineData(45009)]
    public void Any_answer_closes_the_circuit(int code)
    {
        var gate = Broken();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(gate.Enter().Refused);
        gate.Learn(Refused(code));
        clock.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 20; i++) Assert.Null(gate.Enter().Refused);
        for (var i = 0; i < 4; i++) Assert.Null(gate.Learn(Silent).NotBefore);
    }

    [Fact]
    public void Twenty_calls_that_fail_together_open_it_for_the_first_pause_only()
    {
        var gate = Gate();
        for (var i = 0; i < 20; i++) Assert.Null(gate.Enter().Refused);
        for (var i = 0; i < 20; i++) gate.Learn(Silent);
        Assert.Equal((-1, clock.GetUtcNow().AddSeconds(5)), gate.Closed);
    }

    [Fact]
    public void A_trial_that_was_not_made_lets_the_next_one_in()
    {
        var gate = Broken();
        clock.Advance(TimeSpan.FromSeconds(5));
        var trial = gate.Enter();
        Assert.NotNull(gate.Enter().Refused);
        gate.Leave(trial);
        Assert.Null(gate.Enter().Refused);
    }

    [Fact]
    public void Who_had_gone_in_before_the_circuit_opened_does_not_end_the_trial()
    {
        var gate = Gate();
        var (early, late) = (gate.Enter(), gate.Enter());
        for (var i = 0; i < 5; i++) gate.Learn(Silent);
        clock.Advance(TimeSpan.FromSeconds(5));
        var trial = gate.Enter();
        gate.Learn(Silent, early);
        gate.Leave(late);
        Assert.NotNull(gate.Enter().Refused);
        Assert.Equal(clock.GetUtcNow().AddSeconds(10), gate.Learn(Silent, trial).NotBefore);
    }

    [Fact]
    public void A_trial_that_ends_twice_does_not_end_the_next()
    {
        var gate = Broken();
        clock.Advance(TimeSpan.FromSeconds(5));
        var first = gate.Enter();
        gate.Learn(Silent, first);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(gate.Enter().IsTrial);
        gate.Leave(first);
        Assert.NotNull(gate.Enter().Refused);
    }

    [Fact]
    public void A_clock_that_is_set_back_holds_nothing_closed_for_longer()
    {
        var (quota, circuit) = (Gate(Channel.WeCom), Broken());
        quota.Learn(Refused(45009));
        clock.SetBy = TimeSpan.FromHours(-3);
        Assert.NotNull(quota.Enter().Refused);
        Assert.NotNull(circuit.Enter().Refused);
        clock.Advance(TimeSpan.FromSeconds(63));
        Assert.Null(quota.Enter().Refused);
        Assert.Null(circuit.Enter().Refused);
    }

    [Fact]
    public void Reopened_it_counts_from_the_start()
    {
        var gate = Gate(Channel.WeCom);
        gate.Learn(Refused(45009));
        gate.Reopen();
        Assert.Null(gate.Enter().Refused);
        Assert.InRange(gate.Learn(Refused(45009)).NotBefore!.Value - clock.GetUtcNow(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Jitter);
    }

    [Fact]
    public void Of_two_closures_the_longer_one_counts()
    {
        var gate = Gate(Channel.WeCom);
        gate.CloseAsOthers(new Closure("api", 45009, Noon.AddHours(1), 2));
        gate.CloseAsOthers(new Closure("api", 45009, Noon.AddMinutes(1), 1));
        Assert.Equal((45009, Noon.AddHours(1)), gate.Closed);
    }

    private static ApiResult Refused(int code) => new(code, "no", ApiErrors.Classify(code));

    private static DateTimeOffset At(string utc) => Noon.Date.Add(TimeSpan.Parse(utc, System.Globalization.CultureInfo.InvariantCulture)) is var time ? new DateTimeOffset(time, TimeSpan.Zero) : default;

    private ApiGate Broken()
    {
        var gate = Gate();
        for (var i = 0; i < 5; i++) gate.Learn(Silent);
        return gate;
    }

    private ApiGate Gate(Channel channel = Channel.OfficialAccount) => new("api", channel, new WeChatApiOptions(), clock);

    /// <summary>A clock of which somebody sets the time of day; its timestamps run on.</summary>
    private sealed class SettableClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public TimeSpan SetBy { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetBy;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
