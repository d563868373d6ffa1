using System.Text;
using System.Text.Json;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>The body of a call, read as strictly as the platforms do.</summary>
public static class StrictBody
{
    /// <summary>Largest JSON body, in bytes.</summary>
    public const int MaxJson = 1024 * 1024;

    /// <summary>Largest body with a file, in bytes: WeCom's 20 MB and the form around it.</summary>
    public const int MaxUpload = 21 * 1024 * 1024;

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions NoExtras = new() { CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false, MaxDepth = 32 };

    /// <summary>The bytes; null if there are more than <paramref name="most"/>.</summary>
    public static async Task<byte[]?> Read(Stream body, int most, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, ct) is var read and > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > most) return null;
        }

        return bytes.ToArray();
    }

    /// <summary>The JSON, or why there is none.</summary>
    public static (JsonElement? Json, BodyFault Fault) Parse(byte[] bytes)
    {
        string text;
        try
        {
            text = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return (null, BodyFault.NotJson);
        }

        if (HasEscapedCharacter(text)) return (null, BodyFault.Escaped);
        try
        {
            using var document = JsonDocument.Parse(text, NoExtras);
            return (document.RootElement.Clone(), BodyFault.None);
        }
        catch (JsonException)
        {
            return (null, BodyFault.NotJson);
        }
    }

    // 40033, 不能包含 \uxxxx 格式的字符. A backslash that is itself escaped does not start one: "C:\\users" is a plain text.
    private static bool HasEscapedCharacter(string text)
    {
        for (var at = text.IndexOf('\\'); at >= 0 && at + 1 < text.Length; at = text.IndexOf('\\', at + 2))
        {
            if (text[at + 1] is 'u') return true;
            if (at + 2 >= text.Length) return false;
        }

        return false;
    }
}

public enum BodyFault
{
    None,

    /// <summary>No JSON, or no UTF-8.</summary>
    NotJson,

    /// <summary>Somewhere in it stands <c>\uXXXX</c>.</summary>
    Escaped,
}
