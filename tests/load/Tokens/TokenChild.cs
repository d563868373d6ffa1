using System.Diagnostics;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Load;

/// <summary>What one process has done.</summary>
/// <param name="Calls">Calls that its callers made.</param>
/// <param name="Again">Calls that met two voided tokens in a row, and were made once more.</param>
/// <param name="Failed">Calls that failed in the end.</param>
internal sealed record ChildCounts(int Calls, int Again, int Failed);

/// <summary>One process of those that share a token: callers in a loop, on the product's own parts.</summary>
internal static class TokenChild
{
    private const int MaxTries = 3;

    public static async Task<ChildCounts> Run(Uri wechat, string file, string name, int callers, TimeSpan span)
    {
        using var documents = new SqliteDocuments(file, [Collections.Work]);
        using var http = new HttpClient(WeChatHttp.Handler(proxy: false));
        http.DefaultRequestHeaders.Add(TokenSimulator.Process, name);
        var options = new WeChatApiOptions { OfficialAccountBase = wechat };
        var shared = new DocumentsState(documents);
        var tokens = new TokenCentre(http, shared, options, TimeProvider.System);
        var api = new OfficialAccountApi(new WeChatTransport(http, tokens, new ApiGates(shared, options, TimeProvider.System), options, TimeProvider.System));
        var account = new AccountCredentials("main", "wx0123456789abcdef", "not-a-secret");
        var started = Stopwatch.GetTimestamp();
        var (calls, again, failed) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < span)
            {
                Interlocked.Increment(ref calls);
                for (var tries = 1; ; tries++)
                {
                    var result = await api.UserInfo(account, "o1");
                    if (result.Ok) break;
                    if (tries < MaxTries)
                    {
                        Interlocked.Increment(ref again);
                        continue;
                    }

                    Interlocked.Increment(ref failed);
                    await Console.Error.WriteLineAsync($"{name}: {result} {result.ErrMsg}");
                    break;
                }
            }
        })));
        return new ChildCounts(calls, again, failed);
    }
}
