using System.Globalization;
using System.Text;

namespace CrmServerless.Fuzz;

/// <summary>What may become of a document on its way: bits of luck, bits of malice.</summary>
public static class Mutations
{
    private const string Bomb = "<!DOCTYPE xml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>";
    private const string External = "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";

    private static readonly string[] Nasty =
    [
        "]]>", "<![CDATA[", "&x;", "&c;", "&#11;", "&#0;", "&#xD800;", "&#x110000;", "\0", "\v", "\u001b[2J", "\uFEFF", "\uFFFE", "\uFFFF", "\u202E", "👩‍🌾",
        "<", ">", "&", "\"", "'", "]]]]><![CDATA[>", "<!--", "-->", "<?xml?>", "<a/>", "</xml>", "<xml>", "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "\\ud800",
        "%00", "%s%n", "{0}", "${jndi:ldap://127.0.0.1/a}", "../../etc/passwd", "'; drop table customers;--", "\r\n\r\nHTTP/1.1 200 OK\r\n", "~", "|", "=41",
    ];

    private static readonly string[] Prefixes =
    [
        "\uFEFF", "\uFEFF\uFEFF", " \r\n\t", "<?xml version=\"1.0\" encoding=\"gb2312\"?>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "<?xml version=\"1.1\"?>",
        "<!-- -->", "<?pi?>", Bomb, External, "<!DOCTYPE xml SYSTEM 'http://127.0.0.1:1/x.dtd'>", "<!DOCTYPE html>", "<html>", "{}", "[]", "null", "\0",
    ];

    private static readonly string[] Numbers =
    [
        "", "0", "-0", "-1", "+1", "00001", "1.5", "1e9", "1e400", "NaN", "Infinity", "0x10", "１２３", " 7 ", "1348831860123", "99999999999", "253402300800",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "-9223372036854775808", "91", "-181", "1,5", "soon",
    ];

    private static readonly string[] Customers =
    [
        "", " ", "~account", "~", "~chat:1", "a:b", "|", "=41", "../..", "o\u0000o", "👩‍🌾", "oia2TjuEGTNoeX76QEjQNrcURxG8 ", "sys", "O", "\u202Eo", "所有人", "%7Eaccount", "o'--",
    ];

    private static readonly Func<Random, string, string>[] All =
    [
        // Most leave a document that can be read, else little of what reads it would be tried.
        InText, InText, InText, InText, Number, Number, Number, Number, Customer, Customer, DropElement, DropElement, Swap, Shuffle, Crowd, Overlong, Overlong,
        Insert, Replace, Delete, Repeat, Truncate, Prefix, Nest, Unclose, Rename, Json, Noise,
    ];

    /// <summary>One to three of them, one after the other.</summary>
    public static string Mutate(Random random, string text)
    {
        for (var n = random.Next(10) switch { < 6 => 1, < 9 => 2, _ => 3 }; n > 0; n--) text = All[random.Next(All.Length)](random, text);
        return text;
    }

    /// <summary>The same for bytes: some changed, some missing, some more.</summary>
    public static byte[] Mutate(Random random, byte[] bytes)
    {
        var list = new List<byte>(bytes);
        for (var n = random.Next(1, 5); n > 0 && list.Count > 0; n--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: list[at] = (byte)random.Next(256); break;
                case 2: list.RemoveRange(at, random.Next(list.Count - at) + 1); break;
                default: list.Insert(at, (byte)random.Next(256)); break;
            }
        }

        return [.. list];
    }

    private static string Insert(Random random, string text) => text.Insert(random.Next(text.Length + 1), Nasty[random.Next(Nasty.Length)]);

    private static string InText(Random random, string text) =>
        AfterA(random, text, "[CDATA[") is var at and >= 0 ? text.Insert(at, Nasty[random.Next(Nasty.Length)])
        : AfterA(random, text, ":\"") is var json and >= 0 ? text.Insert(json, Nasty[random.Next(Nasty.Length)])
        : Insert(random, text);

    private static string Replace(Random random, string text)
    {
        if (text.Length == 0) return "x";
        var chars = text.ToCharArray();
        for (var n = random.Next(1, 6); n > 0; n--) chars[random.Next(chars.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : 65536);
        return new string(chars);
    }

    private static string Delete(Random random, string text) => Part(random, text) is var (from, length) ? text.Remove(from, length) : text;

    private static string Repeat(Random random, string text) => Part(random, text) is var (from, length) ? text.Insert(from, text.Substring(from, length)) : text;

    private static string Truncate(Random random, string text) => text[..random.Next(text.Length + 1)];

    private static string Prefix(Random random, string text) => Prefixes[random.Next(Prefixes.Length)] + text;

    private static string Nest(Random random, string text)
    {
        var depth = random.Next(1, random.Next(10) == 0 ? 5000 : 40);
        return random.Next(2) == 0
            ? Inside(random, text, string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth)))
            : string.Concat(Enumerable.Repeat("[", depth)) + text;
    }

    private static string Overlong(Random random, string text)
    {
        var longer = new string("中A<&\u0001😀"[random.Next(5)], random.Next(1, random.Next(8) == 0 ? 40_000 : 4000));
        return AfterA(random, text, random.Next(2) == 0 ? "[CDATA[" : ">") is var at and >= 0 ? text.Insert(at, longer) : text + longer;
    }

    private static string Number(Random random, string text)
    {
        var digits = new List<(int From, int Length)>();
        for (var i = 0; i < text.Length; i++)
        {
            var from = i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
            if (i > from) digits.Add((from, i - from));
        }

        if (digits.Count == 0) return text;
        var (at, length) = digits[random.Next(digits.Count)];
        return text.Remove(at, length).Insert(at, Numbers[random.Next(Numbers.Length)]);
    }

    private static string Customer(Random random, string text)
    {
        var from = text.IndexOf("<FromUserName>", StringComparison.Ordinal);
        var to = text.IndexOf("</FromUserName>", StringComparison.Ordinal);
        var who = random.Next(8) == 0 ? new string('o', random.Next(100, 3000)) : Customers[random.Next(Customers.Length)];
        return from < 0 || to < from ? text : text[..(from + 14)] + who + text[to..];
    }

    private static string Unclose(Random random, string text) =>
        AfterA(random, text, "</") is var at and >= 0 ? text.Remove(at - 1, 1) : text;

    private static string Rename(Random random, string text)
    {
        var at = AfterA(random, text, "<");
        return at < 0 || at >= text.Length ? text : text.Remove(at, 1).Insert(at, random.Next(3) switch { 0 => "a:", 1 => char.ToUpperInvariant(text[at]).ToString(), _ => "名" });
    }

    private static string DropElement(Random random, string text)
    {
        var lines = text.Split('\n').ToList();
        if (lines.Count < 3) return text;
        lines.RemoveAt(random.Next(lines.Count));
        return string.Join('\n', lines);
    }

    private static string Swap(Random random, string text)
    {
        var lines = text.Split('\n');
        var (a, b) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return string.Join('\n', lines);
    }

    private static string Crowd(Random random, string text)
    {
        var one = random.Next(3) switch { 0 => "<a/>", 1 => "<MsgType>text</MsgType>", _ => "<FromUserName><![CDATA[o2]]></FromUserName>" };
        return Inside(random, text, string.Concat(Enumerable.Repeat(one, random.Next(1, random.Next(10) == 0 ? 3000 : 120))));
    }

    private static string Shuffle(Random random, string text)
    {
        var lines = text.Split('\n');
        random.Shuffle(lines);
        return string.Join('\n', lines);
    }

    /// <summary>The same fields in the other format that the platform offers.</summary>
    private static string Json(Random random, string text)
    {
        var json = new StringBuilder("{");
        foreach (var element in text.Split('<', StringSplitOptions.RemoveEmptyEntries))
        {
            if (element.IndexOf('>', StringComparison.Ordinal) is not (> 0 and var end) || element[0] is '/' or '!') continue;
            var value = random.Next(4) == 0 ? Numbers[random.Next(Numbers.Length)] : random.Next(4) == 0 ? "{\"a\":[1,null]}" : "\"o2\"";
            json.Append(CultureInfo.InvariantCulture, $"{(json.Length > 1 ? "," : "")}\"{element[..end]}\":{value}");
        }

        return json.Append('}').ToString();
    }

    private static string Noise(Random random, string text)
    {
        if (random.Next(4) != 0) return Insert(random, text);
        var chars = new char[random.Next(300)];
        for (var i = 0; i < chars.Length; i++) chars[i] = (char)random.Next(65536);
        return new string(chars);
    }

    private static (int From, int Length)? Part(Random random, string text)
    {
        if (text.Length == 0) return null;
        var from = random.Next(text.Length);
        return (from, Math.Min(random.Next(1, 200), text.Length - from));
    }

    private static string Inside(Random random, string text, string what) =>
        AfterA(random, text, ">") is var at and >= 0 ? text.Insert(at, what) : text + what;

    /// <summary>The place after one of the occurrences of a mark; -1 if there is none.</summary>
    private static int AfterA(Random random, string text, string mark)
    {
        if (text.Length == 0) return -1;
        var found = text.IndexOf(mark, random.Next(text.Length), StringComparison.Ordinal);
        if (found < 0) found = text.IndexOf(mark, StringComparison.Ordinal);
        return found < 0 ? -1 : found + mark.Length;
    }
}
