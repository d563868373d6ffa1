using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.WeChat;

/// <summary>Rule: developer.work.weixin.qq.com/document/path/90312 counts by company and API, whichever application calls.</summary>
public sealed partial class ApiRateTests
{
    [Fact]
    public void Two_applications_of_one_company_share_its_limit_over_all_instances()
    {
        WeChatApiOptions options = new() { WeComRates = new() { PerMinute = 100, PerHour = 150 } };
        ApiRates[] instances = [new(shared, options, clock), new(shared, options, clock)];
        AccountCredentials[] applications = [Application("desk", "ww1"), Application("contacts", "ww1")];
        var made = new Dictionary<string, int> { ["desk"] = 0, ["contacts"] = 0 };
        int Made() => made.Values.Sum();
        void Call(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var application = applications[i / 2 % 2];
                if (Take(instances[i % 2], application) is null) made[application.Account]++;
            }
        }

        Call(300);
        Assert.Equal(100, Made());
        Assert.True(made["desk"] > 0 && made["contacts"] > 0);
        clock.Advance(TimeSpan.FromMinutes(1));
        Call(300);
        Assert.Equal(150, Made());

        // Another API, and another company, have limits of their own.
        Assert.Null(Take(instances[0], applications[0], "cgi-bin/other"));
        Assert.Null(Take(instances[0], Application("stranger", "ww2")));
    }

    [Fact]
    public void What_a_company_has_used_up_is_told_of_each_of_its_applications_that_call()
    {
        var rates = Rates(new() { PerMinute = 10 });
        for (var i = 0; i < 10; i++) Assert.Null(Take(rates, Application("desk", "ww1")));
        Assert.NotNull(Take(rates, Application("contacts", "ww1")));
        Assert.Equal(["contacts", "desk"], rates.UsedUp(Noon).Select(u => u.Account).Order(StringComparer.Ordinal));
        Assert.All(rates.UsedUp(Noon), u => Assert.Equal((Api, ApiErrors.OwnLimit, Noon.AddMinutes(1)), (u.Api, u.Code, u.Until)));
    }

    [Fact]
    public void An_account_that_is_named_like_a_company_has_limits_of_its_own()
    {
        var options = new WeChatApiOptions { WeComRates = new() { PerMinute = 5 }, OfficialAccountRates = new() { PerMinute = 5 } };
        var rates = new ApiRates(shared, options, clock);
        for (var i = 0; i < 5; i++) Assert.Null(Take(rates, Application("work", "ww1")));
        Assert.NotNull(Take(rates, Application("work", "ww1")));
        Assert.Null(Take(rates, new AccountCredentials("ww1", "wx1", "s3cret")));
        Assert.Null(Take(rates, new AccountCredentials("main", "wx1", "s3cret")));
    }

    /// <summary>Calls, applications, instances and time in any order: together never more than the company may.</summary>
    [Fact]
    public void Applications_of_one_company_together_never_exceed_it() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 400], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 60], Gen.Int[0, 40]).Array[1, 40])
        .Sample((perMinute, perHour, steps) =>
        {
            var (time, state) = (new FakeTimeProvider(Noon), new MemoryState());
            var options = new WeChatApiOptions { WeComRates = new() { PerMinute = perMinute, PerHour = perHour } };
            var instances = Enumerable.Range(0, 3).Select(_ => new ApiRates(state, options, time)).ToArray();
            var made = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (instance, application, calls, seconds) in steps)
            {
                for (var i = 0; i < calls; i++)
                {
                    if (Take(instances[instance], Application($"a{application}", "ww1")) is not null) break;
                    foreach (var window in (string[])[$"{time.GetUtcNow():HHmm}", $"{time.GetUtcNow():HH}"]) made[window] = made.GetValueOrDefault(window) + 1;
                }

                time.Advance(TimeSpan.FromSeconds(seconds));
            }

            Assert.All(made, m => Assert.True(m.Value <= (m.Key.Length == 4 ? perMinute : perHour)));
        }, iter: 200, threads: 1);
}
