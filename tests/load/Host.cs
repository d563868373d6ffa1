using System.Text.Json;

namespace CrmServerless.Load;

/// <summary>The host's read side, and its clock.</summary>
internal sealed class Host(Uri uri) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = uri, Timeout = TimeSpan.FromSeconds(10) };
    private TimeSpan _ahead;

    public Uri Uri => uri;

    /// <summary>The last of a sub-command's options: what is then left over is a slip.</summary>
    public static async Task<Host> At(Arguments arguments)
    {
        var address = arguments.Text("base", "http://127.0.0.1:7071");
        arguments.NothingElse();
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
            throw new UsageException($"--base {address}: an address like http://127.0.0.1:7071 is expected.");
        var host = new Host(uri);
        using var health = await host.Get("api/health") ?? throw new UsageException($"{host.Uri} does not answer /api/health.");
        host._ahead = health.RootElement.GetProperty("clock").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
        return host;
    }

    /// <summary>Unix seconds by the host's clock.</summary>
    public long Clock() => (TimeProvider.System.GetUtcNow() + _ahead).ToUnixTimeSeconds();

    /// <summary>null unless 200.</summary>
    public async Task<JsonDocument?> Get(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode ? await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync()) : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
