using System.Collections.Concurrent;
using System.Net;
using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using CrmServerless.Tests.WeChat;
using CrmServerless.WeChat.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Tests.Pipeline;

/// <summary>The whole host at work, every log at its finest and every span written down: no token and no secret is in it.</summary>
public sealed class NoSecretInHostTests : IDisposable
{
    private const string Secret = "SeCrEt-of-the-whole-host-77d1";

    private readonly TempFolder folder = new();
    private readonly ConcurrentDictionary<string, bool> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> logs = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_tells_no_token_and_no_secret()
    {
        using var ears = new NoSecretEars();
        var accounts = new AccountBook([TestHost.Accounts.Find("main")! with { Secret = Secret }]);
        string health, metrics;
        await using (var host = await TestHost.Start(folder.File("data"), configure: Listen, accounts: accounts))
        {
            var customer = TestHost.NewOpenId();
            await host.Accept(Xml.Event(customer, "subscribe", host.Now));
            await host.Idle();
            Assert.NotEmpty(await host.Outbox(customer));
            var api = host.Get<CrmServerless.WeChat.Api.OfficialAccount.OfficialAccountApi>();
            foreach (var account in (AccountCredentials[])[accounts.Find("main")!.Credentials, accounts.Find("main")!.Credentials with { Account = "wrong", AppId = "wx2" }])
                await api.UserInfo(account, customer);
            health = await host.Http.GetStringAsync("/api/health");
            metrics = await host.Http.GetStringAsync("/metrics");
        }

        Assert.NotEmpty(tokens);
        Assert.NotEmpty(logs);
        Assert.Contains(ears.Heard, h => h.StartsWith("span CrmServerless wechat", StringComparison.Ordinal));
        // What the web server tells of requests is WeChat's side here: in this process it plays WeChat.
        var told = ears.Heard.Where(h => !h.StartsWith("span Microsoft.AspNetCore", StringComparison.Ordinal)).Concat(logs).Append(health).Append(metrics).ToList();
        foreach (var secret in tokens.Keys.Append(Secret))
        {
            Assert.DoesNotContain(told, t => t.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(told, t => t.Contains(Uri.EscapeDataString(secret), StringComparison.Ordinal));
        }
    }

    private void Listen(IServiceCollection services)
    {
        services.AddLogging(logging => logging.AddProvider(new Written(logs)).SetMinimumLevel(LogLevel.Trace)
            .AddFilter<Written>((category, _) => category is null || !category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
        services.Replace(ServiceDescriptor.Singleton(p => new HttpClient(new Watch(tokens, p.GetRequiredService<OwnAddress>()))));
    }

    /// <summary>Notes the tokens that go over the wire.</summary>
    private sealed class Watch(ConcurrentDictionary<string, bool> tokens, OwnAddress own) : DelegatingHandler(new ToSimulator(own))
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            foreach (var part in request.RequestUri!.Query.TrimStart('?').Split('&'))
                if (part.StartsWith("access_token=", StringComparison.Ordinal)) tokens[WebUtility.UrlDecode(part["access_token=".Length..])] = true;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Written(ConcurrentQueue<string> logs) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder(formatter(state, exception)).Append(' ').Append(exception);
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                foreach (var (name, value) in values) text.Append(' ').Append(name).Append('=').Append(value);
            logs.Enqueue(text.ToString());
        }

        public void Dispose() { }
    }
}
