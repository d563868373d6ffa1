using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>
/// A list of WeChat's that outlives our host. Whoever touches it holds the gate of its account, and calls
/// <see cref="SimulatorStore.Save"/> before he answers.
/// </summary>
public sealed class Kept<T>(SimulatorStore store, string list, JsonTypeInfo<T> type, Func<T, string> id) where T : class
{
    private readonly Dictionary<string, T> items = store.Found(list)
        .Select(data => JsonSerializer.Deserialize(data.Span, type)!).ToDictionary(id, StringComparer.Ordinal);

    public IReadOnlyCollection<T> All => items.Values;

    public int Count => items.Count;

    public T? Find(string key) => items.GetValueOrDefault(key);

    public void Put(T item)
    {
        items[id(item)] = item;
        store.Change(list, id(item), JsonSerializer.SerializeToUtf8Bytes(item, type));
    }

    public void Remove(string key)
    {
        if (items.Remove(key)) store.Change(list, key, null);
    }
}
