using System.Text.Json;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// The files of samples/wecom, named after their kind (<c>kind@variant</c> where there are several), and under sealed each of them as it
/// travels: encrypted and signed by another program, so that one mistake cannot hide in both halves.
/// </summary>
internal static class WeComSamples
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples", "wecom");

    public static readonly string[] OnDisk = [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static string KindOf(string file) => Path.GetFileNameWithoutExtension(file).Split('@')[0];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>A sample as it travels: the body, and what the manifest says of the call.</summary>
    public static (byte[] Body, string Token, string Key, SealedCall Call) Sealed(string file)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "sealed", "manifest.json")));
        string Of(JsonElement element, string name) => element.GetProperty(name).GetString()!;
        var call = manifest.RootElement.GetProperty("calls").EnumerateArray().Single(c => Of(c, "file") == file);
        return (File.ReadAllBytes(Path.Combine(Folder, "sealed", file)), Of(manifest.RootElement, "token"), Of(manifest.RootElement, "encodingAesKey"),
            new SealedCall(Of(call, "receiveId"), Of(call, "timestamp"), Of(call, "nonce"), Of(call, "msgSignature")));
    }

    public static WeComCallback Parse(string plaintext)
    {
        Assert.True(ChannelParser.TryParse(plaintext, Channel.WeCom, out var callback, out var reason), reason);
        return Assert.IsType<WeComCallback>(callback, exactMatch: false);
    }

    /// <summary>The sample of a kind, or of another form of it.</summary>
    public static T Of<T>(string name) where T : WeComCallback => Assert.IsType<T>(Parse(Text(name + ".xml")));
}

internal sealed record SealedCall(string ReceiveId, string Timestamp, string Nonce, string MsgSignature);
