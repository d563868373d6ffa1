namespace CrmServerless.Load;

/// <summary>Percentiles by nearest rank: a figure is always one that was measured.</summary>
internal static class Figures
{
    public static double Percentile(IReadOnlyList<double> sorted, double percent) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100) - 1)];

    public static string Line(IEnumerable<double> milliseconds, params ReadOnlySpan<double> percents)
    {
        double[] sorted = [.. milliseconds.Order()];
        var line = "";
        foreach (var percent in percents)
            line += $"p{percent} {Percentile(sorted, percent):0.0##}   ";
        return line + $"max {(sorted.Length == 0 ? double.NaN : sorted[^1]):0.0##}";
    }
}
