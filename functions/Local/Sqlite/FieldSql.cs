using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Sqlite;

/// <summary>How SQL looks into the searchable fields of a document.</summary>
internal static class FieldSql
{
    /// <summary>The SQL that reads a field; the name is part of it, since an index needs the very same expression.</summary>
    /// <exception cref="ArgumentException">No name that a field can have.</exception>
    public static string Value(string name) => $"json_extract(fields,'$.{DocumentChecks.FieldName(name)}')";

    /// <summary>The SQL that tells a field's JSON type, since SQLite compares across types and the port does not.</summary>
    public static string Type(string name) => $"json_type(fields,'$.{DocumentChecks.FieldName(name)}')";
}
