using System.Diagnostics;
using System.Globalization;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Load;

/// <summary>The proof that instances share a token: two processes, one file, a WeChat that voids tokens.</summary>
internal static class Tokens
{
    /// <summary>Longest time that processes may take to start and to end, beside the time that they work.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(45);

    public static async Task<int> Run(Arguments given)
    {
        var child = given.Optional("child");
        var (seconds, callers) = (given.Number("seconds", 15), given.Number("callers", 20));
        if (child is not null)
        {
            var (wechat, file) = (new Uri(given.Text("base")), given.Text("file"));
            given.NothingElse();
            var done = await TokenChild.Run(wechat, file, child, callers, TimeSpan.FromSeconds(seconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done.Calls} {done.Again} {done.Failed}"));
            return 0;
        }

        var voidEvery = given.Number("void-every", 200);
        given.NothingElse();
        await Lookup();
        var quiet = await Round(seconds, callers, voidEvery, kill: false);
        // The lease of who dies has to end in it: some 11 s.
        var deadly = await Round(seconds + 15, callers, voidEvery, kill: true);
        return quiet && deadly ? 0 : 1;
    }

    private static async Task<bool> Round(int seconds, int callers, int voidEvery, bool kill)
    {
        var folder = Directory.CreateTempSubdirectory("crm-tokens-");
        var children = new Dictionary<string, Process>(StringComparer.Ordinal);
        try
        {
            var file = Path.Combine(folder.FullName, "documents.db");
            new SqliteDocuments(file, [Collections.Work]).Dispose();
            await using var wechat = await TokenSimulator.Start(voidEvery);
            foreach (var name in (string[])["one", "two"]) children[name] = Start(name, wechat.Uri, file, seconds, callers);
            if (kill) await Kill(wechat, children, voidEvery);
            var said = await Task.WhenAll(children.Values.Select(Read)).WaitAsync(TimeSpan.FromSeconds(seconds) + Slack);
            return Report(wechat.Counts, [.. said.OfType<ChildCounts>()], callers, seconds, kill);
        }
        catch (TimeoutException)
        {
            Console.WriteLine("NOT ENDED in time");
            return false;
        }
        finally
        {
            foreach (var child in children.Values)
            {
                if (!child.HasExited) child.Kill();
                child.Dispose();
            }

            folder.Delete(recursive: true);
        }
    }

    /// <summary>Kills the process that has just asked for a token, once both are at work: it dies with the lease.</summary>
    private static async Task Kill(TokenSimulator wechat, Dictionary<string, Process> children, int voidEvery)
    {
        var limit = Stopwatch.GetTimestamp();
        while (wechat.Counts.Calls < 4 * voidEvery && Stopwatch.GetElapsedTime(limit) < Slack) await Task.Delay(50);
        var holder = await wechat.Catch().WaitAsync(Slack);
        children[holder].Kill();
        await children[holder].WaitForExitAsync();
        wechat.Release();
        Console.WriteLine($"  process {holder} killed while it asked for a token");
    }

    private static bool Report(TokenCounts seen, ChildCounts[] done, int callers, int seconds, bool kill)
    {
        // The call of the killed process is one that brought nobody a token.
        var allowed = seen.Voids + 1 + (kill ? 1 : 0);
        var (calls, again, failed) = (done.Sum(d => d.Calls), done.Sum(d => d.Again), done.Sum(d => d.Failed));
        var good = seen.Fetches <= allowed && failed == 0 && done.Length == (kill ? 1 : 2) && seen.Voids > 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(kill ? "one of two processes killed with the lease" : "two processes")}, {callers} callers each, {seconds} s: {seen.Calls:n0} calls answered, tokens voided {seen.Voids}, token calls {seen.Fetches} (at most {allowed}), calls that met 40001 {seen.Refused}; of {calls:n0} calls {again} made again, failed {failed}: {(good ? "ok" : "WRONG")}"));
        return good;
    }

    private static Process Start(string name, Uri wechat, string file, int seconds, int callers) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            typeof(Tokens).Assembly.Location, "tokens", "--child", name, "--base", wechat.ToString(), "--file", file,
            "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--callers", callers.ToString(CultureInfo.InvariantCulture),
        ])
    { RedirectStandardOutput = true }) ?? throw new UsageException("dotnet did not start.");

    /// <summary>What a process says at its end; null if it was killed.</summary>
    private static async Task<ChildCounts?> Read(Process child)
    {
        var said = (await child.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.TrimEntries);
        await child.WaitForExitAsync();
        return said.Length == 3
            ? new ChildCounts(int.Parse(said[0], CultureInfo.InvariantCulture), int.Parse(said[1], CultureInfo.InvariantCulture), int.Parse(said[2], CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>What a caller pays who finds the token in memory.</summary>
    private static async Task Lookup()
    {
        const int Times = 2_000_000;
        await using var wechat = await TokenSimulator.Start(int.MaxValue);
        using var http = new HttpClient(WeChatHttp.Handler(proxy: false));
        var tokens = new TokenCentre(http, new MemoryState(), new WeChatApiOptions { OfficialAccountBase = wechat.Uri }, TimeProvider.System);
        var account = new AccountCredentials("main", "wx0123456789abcdef", "not-a-secret");
        await tokens.Get(account);
        var best = double.MaxValue;
        var allocated = 0L;
        for (var round = 0; round < 5; round++)
        {
            var (started, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < Times; i++) await tokens.Get(account);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / Times);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"token lookup {best:0} ns, {(double)allocated / Times:0.##} bytes allocated"));
    }
}
