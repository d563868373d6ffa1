using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Support;

public static class Patience
{
    /// <summary>Longest real time that a test waits for anything, so that a hang is a failure; a slow machine is none.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Lets the manual clock run, step by step, until a task has ended; its result.</summary>
    public static async Task<T> RunUntil<T>(this FakeTimeProvider clock, Task<T> task, TimeSpan step)
    {
        await clock.RunUntil((Task)task, step);
        return await task;
    }

    /// <summary>Lets the manual clock run, step by step, until a task has ended; a <see cref="ManualClock"/> only while somebody waits for it.</summary>
    public static async Task RunUntil(this FakeTimeProvider clock, Task task, TimeSpan step)
    {
        using var limit = new CancellationTokenSource(Limit);
        // A moment between the steps: what a step woke up must come to ask for its next timer.
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(1, limit.Token));
            limit.Token.ThrowIfCancellationRequested();
            if (!task.IsCompleted && clock is not ManualClock { Waiting: 0 }) clock.Advance(step);
        }

        await task;
    }

    /// <summary>
    /// What work costs that stays on its thread: the shortest of three, of the time that the thread really ran. What is slow
    /// by itself is slow three times; what a busy machine makes slow is not.
    /// </summary>
    public static TimeSpan BestOfThree(Action work) => Enumerable.Range(0, 3).Min(_ => Cost(work));

    /// <summary>The time that this thread really runs for it; where the system does not tell, the time that passes.</summary>
    public static TimeSpan Cost(Action work)
    {
        var (ran, started) = (Ran(), Stopwatch.GetTimestamp());
        work();
        return Ran() is { } then && ran is { } before ? then - before : Stopwatch.GetElapsedTime(started);
    }

    // https://docs.kernel.org/scheduler/sched-stats.html: nanoseconds on a processor first; some 4 ms late at most.
    private static TimeSpan? Ran() =>
        File.Exists("/proc/thread-self/schedstat")
            ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000)
            : null;

    public static Task InTime(this Task task) => task.WaitAsync(Limit);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit);
}
