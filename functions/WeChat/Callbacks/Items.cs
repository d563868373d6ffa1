using System.Collections;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>The entries of a callback's list. Equal when their entries are, so that records with lists can be compared.</summary>
public sealed class Items<T> : IReadOnlyList<T>, IEquatable<Items<T>>
{
    private readonly IReadOnlyList<T> _entries;

    /// <summary>A list of these entries, which must not change afterwards.</summary>
    public Items(IReadOnlyList<T> entries) => _entries = entries;

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public T this[int index] => _entries[index];

    /// <inheritdoc/>
    public bool Equals(Items<T>? other) => other is not null && _entries.SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Items<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in _entries) hash.Add(entry);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
