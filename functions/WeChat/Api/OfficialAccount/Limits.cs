using System.Runtime.CompilerServices;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>Refuses what WeChat documents as too much or as missing, before a call is spent on it; the message names the limit, never the value.</summary>
internal static class Limits
{
    /// <summary>1 to <paramref name="most"/> openids, none of them empty.</summary>
    public static string[] Openids(IReadOnlyList<string> openids, int most, [CallerArgumentExpression(nameof(openids))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(openids, name);
        if (openids.Count < 1 || openids.Count > most) throw new ArgumentException($"{openids.Count} openids; WeChat takes 1 to {most} a call.", name);
        return openids.Any(string.IsNullOrEmpty) ? throw new ArgumentException("An openid is empty.", name) : [.. openids];
    }

    /// <summary>A text of <paramref name="least"/> to <paramref name="most"/> characters.</summary>
    public static string Characters(string text, int least, int most, [CallerArgumentExpression(nameof(text))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(text, name);
        return text.Length < least || text.Length > most
            ? throw new ArgumentException($"{text.Length} characters; WeChat takes {least} to {most}.", name)
            : text;
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static long Range(long number, long least, long most, string unit, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number < least || number > most ? throw new ArgumentException($"{number} {unit}; WeChat takes {least} to {most}.", name) : number;

    /// <summary>A text that must be there.</summary>
    public static string Filled(string text, [CallerArgumentExpression(nameof(text))] string name = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        return text;
    }
}
