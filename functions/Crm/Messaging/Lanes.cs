using System.Text;

namespace CrmServerless.Crm.Messaging;

/// <summary>
/// Order is kept per lane, a stable hash of the key: never one Service Bus session per customer, since sessions idle
/// out slowly and throughput collapses.
/// </summary>
public static class Lanes
{
    /// <summary>Number of lanes; changed only with a drained topic.</summary>
    public const int Default = 64;

    /// <summary>FNV-1a over the UTF-8 bytes of the key, with the high bits folded in; stable across processes.</summary>
    public static int Of(string key, int lanes = Default)
    {
        var hash = 2166136261u;
        Span<byte> utf8 = stackalloc byte[Keys.MaxBytes * 3];
        foreach (var b in utf8[..Encoding.UTF8.GetBytes(key.AsSpan(0, Math.Min(key.Length, Keys.MaxBytes)), utf8)])
            hash = unchecked((hash ^ b) * 16777619u);
        hash ^= hash >> 16;
        return (int)(hash % (uint)lanes);
    }
}
