using CrmServerless.Fuzz;

namespace CrmServerless.Tests.Stages;

/// <summary>
/// The short form of <c>dotnet run -c Release --project tests/fuzz</c>: the same cases on every run. What fails says its
/// seed and number; <c>--seed S --first N --cases 1</c> shows it again.
/// </summary>
public sealed class FuzzTests
{
    [Fact]
    public async Task Twenty_thousand_mutated_callbacks_are_each_accepted_whole_or_refused_alike()
    {
        await using var run = new FuzzRun(seed: 2026);
        Assert.Null(await run.Send(first: 0, cases: 20_000));
        Assert.InRange(run.MutatedBeforeSigning, 0.6, 0.7);
        // Else the mutations would be too tame, or too wild, to show anything.
        Assert.All(["400", "403", "404", "413", "429", "accepted", "quarantined", "verified"], outcome => Assert.InRange(run.Count(outcome), 20, 15_000));
    }

    [Fact]
    public void A_case_is_the_same_whenever_it_is_made()
    {
        var now = new SteppingClock().GetUtcNow();
        for (var number = 0; number < 200; number++) Assert.Equal(FuzzCase.Of(7, number, now).ToString(), FuzzCase.Of(7, number, now).ToString());
    }

    [Fact] // 29 KiB when it was written; the time is for the command, tests/fuzz -- bench
    public void To_verify_decrypt_and_identify_a_callback_of_600_bytes_takes_less_than_32_KB() =>
        Assert.InRange(Bench.BytesOfOne(), 1, 32 * 1024);
}
