using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// When WeChat's own figures of a day are there: they are ready by 8 in the morning of the next, Chinese time.
/// Rule: developers.weixin.qq.com/doc/service/guide/product/analysis_data/analysis_data.html.
/// </summary>
public static class DatacubeDays
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>The first day with figures.</summary>
    public static readonly DateOnly First = new(2014, 12, 1);

    /// <summary>The last day whose figures are ready at <paramref name="now"/>.</summary>
    public static DateOnly LastReady(DateTimeOffset now)
    {
        var local = now.ToOffset(China);
        return DateOnly.FromDateTime(local.Date).AddDays(local.Hour < 8 ? -2 : -1);
    }
}

/// <summary>Figures of some days; a day without any may be missing.</summary>
public sealed record DatacubeList<T> : WireRecord
    where T : DatacubeRow
{
    [AllowNull]
    [JsonPropertyName("list")]
    public required IReadOnlyList<T> Rows { get; init => field = value ?? []; }
}

/// <summary>Figures of a day.</summary>
public abstract record DatacubeRow : WireRecord
{
    /// <summary>The day; of figures by week or month its first.</summary>
    [JsonConverter(typeof(DatacubeDay))]
    public required DateOnly RefDate { get; init; }
}

/// <summary>Who came and who left, by how they came.</summary>
public sealed record UserSummary : DatacubeRow
{
    /// <summary>0 all others, 1 search, 17 a card, 30 QR code, 51 after payment, 57 the name in an article, 100 an advertisement ... The page has them all.</summary>
    public int UserSource { get; init; }

    public int NewUser { get; init; }

    public int CancelUser { get; init; }
}

/// <summary>How many follow at the end of the day.</summary>
public sealed record UserCumulate : DatacubeRow
{
    public long CumulateUser { get; init; }
}

/// <summary>Messages of customers, by kind.</summary>
public sealed record UpstreamMessages : DatacubeRow
{
    /// <summary>The hour, of figures by hour: 0, 100 ... 2300.</summary>
    public int? RefHour { get; init; }

    /// <summary>1 text, 2 picture, 3 voice, 4 video, 6 link and others.</summary>
    public int MsgType { get; init; }

    /// <summary>Customers who sent.</summary>
    public int MsgUser { get; init; }

    /// <summary>What they sent.</summary>
    public int MsgCount { get; init; }
}

/// <summary>How many messages customers sent each.</summary>
public sealed record UpstreamDistribution : DatacubeRow
{
    /// <summary>0: none. 1: 1 to 5. 2: 6 to 10. 3: more.</summary>
    public int CountInterval { get; init; }

    /// <summary>Customers who did.</summary>
    public int MsgUser { get; init; }
}

/// <summary>How WeChat's calls to us went.</summary>
public sealed record InterfaceSummary : DatacubeRow
{
    /// <summary>The hour, of figures by hour: 0, 100 ... 2300.</summary>
    public int? RefHour { get; init; }

    /// <summary>Callbacks.</summary>
    public int CallbackCount { get; init; }

    /// <summary>That we answered wrongly or not at all.</summary>
    public int FailCount { get; init; }

    /// <summary>Milliseconds, of all together.</summary>
    public long TotalTimeCost { get; init; }

    /// <summary>Milliseconds.</summary>
    public int MaxTimeCost { get; init; }
}

internal sealed record DatacubeRequest(
    [property: JsonConverter(typeof(DatacubeDay))] DateOnly BeginDate, [property: JsonConverter(typeof(DatacubeDay))] DateOnly EndDate) : WireRecord;

/// <summary>A day as <c>2014-12-07</c>, with blanks around it too.</summary>
internal sealed class DatacubeDay : JsonConverter<DateOnly>
{
    private const string Format = "yyyy-MM-dd";

    public override DateOnly Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
        DateOnly.TryParseExact(reader.GetString()?.Trim(), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new System.Text.Json.JsonException("Not a day.");

    public override void Write(System.Text.Json.Utf8JsonWriter writer, DateOnly value, System.Text.Json.JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(Format, CultureInfo.InvariantCulture));
}
