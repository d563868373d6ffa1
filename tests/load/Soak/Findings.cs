namespace CrmServerless.Load;

/// <summary>What the check found: how much there is of everything, and where it is not what it must be.</summary>
internal sealed class Findings
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Acknowledged, and its effect is missing.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>An effect that is there twice, or that nothing caused.</summary>
    public List<string> Doubled { get; } = [];

    /// <summary>There once, but not as it must be.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Of the names that start alike: the sum.</summary>
    public int this[string prefix] => _counts.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(c => c.Value);

    public bool Clean => Lost.Count + Doubled.Count + Wrong.Count == 0;

    public void Count(string name, int much = 1) => _counts[name] = _counts.GetValueOrDefault(name) + much;

    public IEnumerable<KeyValuePair<string, int>> Counted(string prefix) => _counts.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>One number against another.</summary>
    public void Compare(string what, int expected, int found)
    {
        if (found < expected)
            Lost.Add($"{what}: {expected} expected, {found} found");
        else if (found > expected)
            Doubled.Add($"{what}: {expected} expected, {found} found");
    }

    /// <summary>Numbers by name; what is only on one side counts as 0 on the other.</summary>
    public void Compare(string what, IReadOnlyDictionary<string, int> expected, IReadOnlyDictionary<string, int> found)
    {
        foreach (var name in expected.Keys.Union(found.Keys))
            Compare($"{what} {name}", expected.GetValueOrDefault(name), found.GetValueOrDefault(name));
    }
}
