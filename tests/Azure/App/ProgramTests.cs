using System.Diagnostics;
using CrmServerless.Functions;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Azure.App;

/// <summary>The app's own process.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Without_settings_the_app_ends_with_a_sentence_for_each()
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { typeof(StageTriggers).Assembly.Location }, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var key in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(key);
        using var app = Process.Start(start)!;
        var said = await app.StandardError.ReadToEndAsync().InTime();
        await app.WaitForExitAsync().InTime();

        Assert.Equal(2, app.ExitCode);
        Assert.Contains("ServiceBus__fullyQualifiedNamespace: missing", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static bool IsOurs(string key) =>
        new[] { "Azure__", "Accounts__", "ServiceBus__" }.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
