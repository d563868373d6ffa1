using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>Pages by cursor: a cursor is handed back as it came, and is missing on the last page.</summary>
public static class Paging
{
    private const string Head = "sim-cursor-";

    public static Reply BadCursor => Reply.Error(50100, "invalid cursor");

    /// <summary>Where a page starts; null if the cursor is none of ours.</summary>
    public static int? Start(string? cursor) => cursor switch
    {
        null or "" => 0,
        _ when cursor.StartsWith(Head, StringComparison.Ordinal) && int.TryParse(cursor.AsSpan(Head.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var start) => start,
        _ => null,
    };

    public static string Cursor(int start) => Head + start.ToString(CultureInfo.InvariantCulture);

    public static Reply Page<T>(string? cursor, int limit, string name, IEnumerable<T> all, Func<T, JsonNode> json)
    {
        if (Start(cursor) is not { } start) return BadCursor;
        var page = all.Skip(start).Take(limit + 1).ToList();
        var fields = new JsonObject { [name] = Reply.List(page.Take(limit).Select(json)) };
        if (page.Count > limit) fields["next_cursor"] = Cursor(start + limit);
        return Reply.Done(fields);
    }
}
