using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A page of what was said at the customer-service desk.</summary>
public sealed record ServiceRecordPage : WireRecord
{
    [AllowNull]
    public required IReadOnlyList<ServiceRecord> Recordlist { get; init => field = value ?? []; }

    /// <summary>How many.</summary>
    public int Number { get; init; }

    /// <summary>The last one's id: ask for the next page from it, until a page is not full.</summary>
    public long Msgid { get; init; }
}

/// <summary>One message at the desk.</summary>
public sealed record ServiceRecord : WireRecord
{
    public required string Openid { get; init; }

    /// <summary>2002: by staff. 2003: by the customer.</summary>
    public int Opercode { get; init; }

    /// <summary>The text; pictures, voice and videos as [image], [voice], [video].</summary>
    public string? Text { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Time { get; init; }

    /// <summary>The customer-service account.</summary>
    public string? Worker { get; init; }
}

internal sealed record ServiceRecordRequest(long Starttime, long Endtime, long Msgid, long Number) : WireRecord;
