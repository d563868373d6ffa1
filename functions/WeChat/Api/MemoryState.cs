using System.Globalization;

namespace CrmServerless.WeChat.Api;

/// <summary>The shared state of a program that runs once.</summary>
public sealed class MemoryState : ISharedState
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Scope, string Name), SharedValue> values = [];
    private long version;

    public ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct)
    {
        lock (gate) return new(values.GetValueOrDefault((scope, name)));
    }

    public ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
    {
        lock (gate)
        {
            if (values.GetValueOrDefault((scope, name))?.Etag != etag) return new((string?)null);
            var next = (++version).ToString(CultureInfo.InvariantCulture);
            values[(scope, name)] = new SharedValue(value.ToArray(), next);
            return new(next);
        }
    }
}
