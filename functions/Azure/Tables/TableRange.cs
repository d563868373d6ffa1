using Azure.Data.Tables;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Azure.Tables;

/// <summary>
/// An <see cref="IdRange"/> as an OData filter over RowKey. The ends of a range may hold characters that no id has, such
/// as <c>\u0001</c> and <c>\u007f</c>; Table storage takes no control characters, so they are replaced by an equivalent.
/// </summary>
internal static class TableRange
{
    /// <summary>The filter; null if no id can be in the range.</summary>
    public static string? Filter(string partition, IdRange range)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        if (range.From is { Length: > 0 } from)
        {
            if (Normal(from) is not { } least) return null;
            if (least.Length > 0) filter += " and " + TableClient.CreateQueryFilter($"RowKey ge {least}");
        }

        if (range.To is { } to && Normal(to) is { } end)
        {
            if (end.Length == 0) return null;
            filter += " and " + TableClient.CreateQueryFilter($"RowKey lt {end}");
        }

        return filter;
    }

    /// <summary>A bound that cuts all ids at the same place, of printable ASCII; null if it is above every id.</summary>
    internal static string? Normal(string bound)
    {
        var odd = bound.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (odd < 0) return bound;
        var before = bound[..odd];
        // Below every character of an id: '!' is so too. Above every one: whatever goes on after this beginning is
        // smaller, so the next text of its length cuts at the same place.
        if (bound[odd] < ' ') return before + "!";
        before = before.TrimEnd('~');
        return before.Length == 0 ? null : before[..^1] + (char)(before[^1] + 1);
    }
}
