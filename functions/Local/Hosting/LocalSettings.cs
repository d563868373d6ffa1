using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Receive;

namespace CrmServerless.Local.Hosting;

/// <summary>Settings from a file in the shape of <c>local.settings.json</c>, overridden by environment variables as in Azure.</summary>
public sealed record LocalSettings(AccountBook Accounts, AlertOptions Alerts, string File)
{
    private const string Own = "local.settings.json";
    private const string Sample = "local.settings.sample.json";
    private const string SampleSecret = "sample-secret-only-the-simulator-accepts";
    private const string OwnerKey = "Alerts:DefaultOwner";
    private const string FloodPerAddressKey = "Flood:PerAddress";
    private const string FloodTotalKey = "Flood:Total";

    /// <summary>Limits on refused calls.</summary>
    public FloodOptions Flood { get; init; } = new();

    /// <exception cref="StartException">A setting is missing or wrong; names key, expected form and file.</exception>
    public static LocalSettings Read(LocalOptions options)
    {
        var file = Locate(options.Settings);
        var values = ReadValues(file);
        foreach (var (key, value) in new ConfigurationBuilder().AddEnvironmentVariables().Build().AsEnumerable())
            if (value is not null && (key.StartsWith("Accounts:", StringComparison.Ordinal) || key is OwnerKey or FloodPerAddressKey or FloodTotalKey)) values[key] = value;

        var (book, accountFaults) = AccountBook.Read(values);
        var faults = accountFaults.ToList();
        var standard = new FloodOptions();
        var flood = new FloodOptions
        {
            PerAddress = CallsASecond(values, FloodPerAddressKey, standard.PerAddress, faults),
            Total = CallsASecond(values, FloodTotalKey, standard.Total, faults),
        };
        if (faults.Count > 0)
            throw new StartException($"{file} cannot be used:{string.Concat(faults.Select(f => $"\n  {f}"))}");
        if (options.Real && book.All.FirstOrDefault(a => a.Secret == SampleSecret) is { } sample)
            throw new StartException($"--real needs your own secrets: Accounts__{sample.Name}__Secret in {file} is the sample's.");
        return new LocalSettings(book, new AlertOptions(values.GetValueOrDefault(OwnerKey) is { Length: > 0 } owner ? owner : "店长"), file) { Flood = flood };
    }

    private static int CallsASecond(Dictionary<string, string?> values, string key, int standard, List<string> faults)
    {
        if (values.GetValueOrDefault(key) is not { Length: > 0 } text) return standard;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var calls) && calls is >= 1 and <= 100_000) return calls;
        faults.Add($"{key.Replace(":", "__", StringComparison.Ordinal)}: expected refused calls a second, 1 to 100000.");
        return standard;
    }

    private static string Locate(string? named)
    {
        if (named is not null)
            return System.IO.File.Exists(named) ? named : throw new StartException($"--settings: there is no file {named}.");
        // From the repository, from a folder inside it, or started as a published program beside its files.
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                foreach (var name in new[] { Own, Sample })
                    if (Path.Combine(folder.FullName, name) is var path && System.IO.File.Exists(path)) return path;
        throw new StartException($"There is no {Own} here: copy {Sample} to it, or name a file with --settings.");
    }

    private static Dictionary<string, string?> ReadValues(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(System.IO.File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("Values", out var values) || values.ValueKind != JsonValueKind.Object)
                throw new StartException($"{file}: expected an object with \"Values\", as in {Sample}.");
            var read = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var value in values.EnumerateObject())
                if (!read.TryAdd(value.Name.Replace("__", ":", StringComparison.Ordinal), value.Value.ToString()))
                    throw new StartException($"{file}: {value.Name} is there twice.");
            return read;
        }
        catch (JsonException e)
        {
            throw new StartException($"{file}, line {e.LineNumber + 1}: this is no JSON.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
