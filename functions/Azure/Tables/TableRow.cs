using System.Globalization;
using Azure.Data.Tables;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Azure.Tables;

/// <summary>
/// A document as a table entity: PartitionKey and RowKey are its keys as they are (the alphabet of
/// <see cref="Crm.Messaging.Keys"/> has none of <c>/ \ # ?</c>, <c>%</c> or the control characters that Table storage
/// refuses), <c>d0</c>, <c>d1</c>, ... its bytes, <c>f</c> its fields.
/// </summary>
/// <remarks>
/// A property holds 64 KiB and an entity 1 MiB at most:
/// https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
/// </remarks>
internal static class TableRow
{
    /// <summary>Bytes of a document in one property.</summary>
    public const int PartBytes = 60 * 1024;

    public const string Fields = "f";

    /// <exception cref="ArgumentException">A field that a document cannot have.</exception>
    public static TableEntity ToEntity(Document document)
    {
        var row = new TableEntity(document.Partition, document.Id);
        // Also an empty document has its part, so that it is one.
        for (int n = 0, at = 0; at < document.Data.Length || n == 0; n++, at += PartBytes)
            row[PartName(n)] = document.Data.Slice(at, Math.Min(PartBytes, document.Data.Length - at)).ToArray();
        if (document.Fields is { } fields) row[Fields] = DocumentChecks.Json(json => DocumentChecks.WriteFields(json, fields));
        return row;
    }

    public static StoredDocument FromEntity(TableEntity row)
    {
        var parts = new List<byte[]>(1);
        while (row.TryGetValue(PartName(parts.Count), out var part)) parts.Add((byte[])part);
        return new(row.PartitionKey, row.RowKey, row.ETag.ToString(), parts.Count == 1 ? parts[0] : [.. parts.SelectMany(p => p)]);
    }

    /// <summary>What it takes in a batch, whose body may have 4 MiB: bytes go as base64.</summary>
    public static int BatchBytes(TableEntity row) => 2048 + (row.Select(p => p.Value).OfType<byte[]>().Sum(v => v.Length) * 4 / 3);

    private static string PartName(int n) => string.Create(CultureInfo.InvariantCulture, $"d{n}");
}
