namespace CrmServerless.Crm;

/// <summary>
/// The business day is Shanghai's. China has kept UTC+8 without summer time since 1991, so no time zone data is needed,
/// which Linux hosts may lack.
/// </summary>
public static class Shanghai
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);

    /// <summary>The moment when a day begins.</summary>
    public static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, Offset);
}
