using System.Text;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Documented limits. Whoever is over one hears which; never what the value was: it may be a customer's.</summary>
internal static class WeComLimits
{
    /// <summary>Characters are code points: an emoji of one code point is one.</summary>
    public static void Characters(string? value, int most, string name)
    {
        if (value is null || value.Length <= most) return;
        var count = value.EnumerateRunes().Count();
        if (count > most) throw Over($"WeCom takes {most} characters in {name}, not {count}.", name);
    }

    /// <summary>Bytes of UTF-8.</summary>
    public static void Bytes(string? value, int most, string name)
    {
        if (value is not null && Encoding.UTF8.GetByteCount(value) is var count && count > most) throw Over($"WeCom takes {most} bytes in {name}, not {count}.", name);
    }

    public static void Count<T>(IReadOnlyCollection<T>? items, int most, string name)
    {
        if (items?.Count > most) throw Over($"WeCom takes {most} of {name}, not {items.Count}.", name);
    }

    public static void Between(long? value, long least, long most, string name)
    {
        if (value < least || value > most) throw Over($"WeCom takes {least} to {most} as {name}, not {value}.", name);
    }

    /// <summary>Both days belong to the span.</summary>
    public static void Days(DateOnly from, DateOnly to, int most, string name)
    {
        if (to < from) throw Over($"{name} ends before it begins.", name);
        if (to.DayNumber - from.DayNumber > most) throw Over($"WeCom takes {most} days in {name}, not {to.DayNumber - from.DayNumber}.", name);
    }

    public static void Span(DateTimeOffset from, DateTimeOffset to, int days, string name)
    {
        if (to < from) throw Over($"{name} ends before it begins.", name);
        if (to - from > TimeSpan.FromDays(days)) throw Over($"WeCom takes {days} days in {name}, not {(to - from).TotalDays:0.#}.", name);
    }

    public static void Needed(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value)) throw Over($"WeCom needs {name}.", name);
    }

    public static void Needed<T>(IReadOnlyCollection<T>? items, string name)
    {
        if (items is not { Count: > 0 }) throw Over($"WeCom needs one of {name} at least.", name);
    }

    /// <summary>A rule in words.</summary>
    public static void Rule(bool kept, string rule, string name)
    {
        if (!kept) throw Over(rule, name);
    }

    private static ArgumentException Over(string message, string name) => new(message, name);
}
