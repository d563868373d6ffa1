using System.Text.Json;
using CrmServerless.Crm.Accounts;
using Microsoft.AspNetCore.Http.Features;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>
/// What every call to a platform goes through: the fault that befalls it, the method, the token, the caller's address,
/// the quotas, the form of the body. Then its API decides, and what follows from it becomes durable before the answer.
/// </summary>
public sealed class ApiFront(
    Platform platform, FaultProfiles profiles, CallQuotas quotas, AllowLists lists, SimulatorStore store, PhoneOutbox outbox, CallbackQueue callbacks, TimeProvider clock)
{
    private readonly Dictionary<string, Api> apis = platform.Apis.ToDictionary(a => a.Path, StringComparer.Ordinal);

    public Platform Platform => platform;

    /// <summary>The APIs by their path.</summary>
    public IReadOnlyDictionary<string, Api> Apis => apis;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.Map(platform.Root + "{**path}", (RequestDelegate)Handle);

    public async Task Handle(HttpContext http)
    {
        var path = http.Request.Path.Value![platform.Root.Length..];
        if (!apis.TryGetValue(path, out var api))
        {
            await Answers.Write(http, platform, Platform.UnknownApi(path), clock.GetUtcNow());
            return;
        }

        await store.Ready(http.RequestAborted);
        string? Query(string name) => http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;
        var (account, refusal) = api.NeedsToken ? platform.Admit(Query("access_token"), clock.GetUtcNow()) : (null, null);
        // Of a stranger nothing is read.
        var (bytes, file) = refusal is null ? await Body(http, api) : ([], null);
        var (json, malformed) = bytes is null ? (null, BodyFault.None) : StrictBody.Parse(bytes);
        if (!api.NeedsToken) account = platform.Claimed(Query, json ?? default);
        var fault = profiles.Draw(account?.Name, path);
        if (fault.Delay > TimeSpan.Zero) await Task.Delay(fault.Delay, clock, http.RequestAborted);
        if (await Answers.Befall(http, platform, fault.Kind, clock.GetUtcNow())) return;

        var now = clock.GetUtcNow();
        if (http.Request.Method != api.Method) refusal = platform.WrongMethod(api);
        refusal ??= account is not null && !lists.Lists(account.Name) ? platform.NotListed(api, Address(http)) : null;
        refusal ??= account is not null ? quotas.Take(platform, account, api, now) : null;
        refusal ??= api.Body is null || http.Request.Method == "GET" ? null : Misfit(api.Body, bytes, json, malformed);
        // Whose account does not exist has nobody's state; its API says so.
        var call = new Call(this, account ?? Nobody, now, json ?? default, Query, file) { Address = Address(http) };
        var reply = refusal ?? Decide(api, call);

        foreach (var message in call.Messages) await outbox.Add(message, CancellationToken.None);
        await store.Save();
        if (fault.Kind == FaultKind.CutAfter) http.Abort();
        else await Answers.Write(http, platform, reply, now);
        foreach (var (to, xml) in call.Callbacks) callbacks.Add(to, xml);
    }

    private Reply Decide(Api api, Call call)
    {
        lock (platform.Gate(call.Account)) return api.Handle(call);
    }

    private Reply? Misfit(Shape shape, byte[]? bytes, JsonElement? json, BodyFault malformed) => malformed switch
    {
        _ when bytes is null => Platform.TooLarge,
        BodyFault.Escaped => Platform.Escaped,
        BodyFault.NotJson => platform.NotJson,
        _ => shape.Check(json!.Value, "") is { } misfit ? platform.Misshapen(misfit) : null,
    };

    // A body over the limit comes as null; a GET has none.
    private static async Task<(byte[]? Bytes, Upload? File)> Body(HttpContext http, Api api)
    {
        // Ours are the limits that count; the host's own is for its own endpoints.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = 2 * StrictBody.MaxUpload;
        if (!api.Upload) return (await StrictBody.Read(http.Request.Body, StrictBody.MaxJson, http.RequestAborted), null);
        return ("{}"u8.ToArray(), await UploadBody.Read(http));
    }

    /// <summary>The caller's address, as the refusals name it.</summary>
    public static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "127.0.0.1";

    private static readonly Account Nobody = new()
    {
        Name = "", Kind = AccountKind.OfficialAccount, AppId = "", Token = "", Secret = "",
        EncodingAesKey = WeChat.Crypto.EncodingAesKey.Parse(new string('A', 43)),
    };
}
