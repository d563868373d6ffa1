namespace CrmServerless.Fuzz;

/// <summary>The samples beside the program: what WeChat really sends, one of each kind.</summary>
public static class Corpus
{
    private static readonly Dictionary<string, string[]> ByChannel = Directory
        .EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "samples"))
        .ToDictionary(folder => Path.GetFileName(folder), Read, StringComparer.Ordinal);

    public static string[] Of(string channel) => ByChannel.GetValueOrDefault(channel) ?? ByChannel["oa"];

    private static string[] Read(string folder) =>
        [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
}
