using System.Globalization;
using CrmServerless.Crm;

namespace CrmServerless.Local.Demo;

/// <summary>Every run of the demo is a new day: today, or the day after the last that was played in this folder.</summary>
public static class DemoCalendar
{
    private const string File = "demo-day";

    /// <summary>The first minute of the day to play; remembers it.</summary>
    public static DateTimeOffset NextDay(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, File);
        var day = Shanghai.Day(TimeProvider.System.GetUtcNow());
        if (System.IO.File.Exists(file)
            && DateOnly.TryParseExact(System.IO.File.ReadAllText(file).Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)
            && last >= day)
            day = last.AddDays(1);
        System.IO.File.WriteAllText(file, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return Shanghai.Start(day).AddHours(8).ToUniversalTime();
    }
}
