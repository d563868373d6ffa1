using System.Text.Json;

namespace CrmServerless.Load;

/// <summary>The account whose callbacks are sent, as the host's settings file describes it.</summary>
internal sealed record Account(string Name, string AppId, string OriginalId, string Token, byte[] AesKey)
{
    public const string DefaultSettings = "local.settings.sample.json";

    public static Account From(Arguments arguments) => From(arguments, arguments.Text("settings", DefaultSettings));

    public static Account From(Arguments arguments, string file)
    {
        var name = arguments.Text("account", "main");
        if (!File.Exists(file))
            throw new UsageException($"{file} is not there; name the host's settings file with --settings.");
        return new(name, Setting(file, name, "AppId"), Setting(file, name, "OriginalId"), Setting(file, name, "Token"),
            Convert.FromBase64String(Setting(file, name, "EncodingAesKey") + "="));
    }

    /// <summary>A setting of the account, as the host's settings file has it.</summary>
    public static string Setting(string file, string name, string leaf)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var values = json.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(
            value => value.Name.Replace("__", ":", StringComparison.Ordinal),
            value => value.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return values.GetValueOrDefault($"Accounts:{name}:{leaf}") ?? throw new UsageException($"{file} has no Accounts__{name}__{leaf}.");
    }
}
