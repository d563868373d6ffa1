using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>One file per kind under samples/wecom, named after the kind; what follows a <c>~</c> names another form of it.</summary>
internal static class WeComSamples
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples", "wecom");

    public static readonly string[] OnDisk = [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static string KindOf(string file) => Path.GetFileNameWithoutExtension(file).Split('~')[0];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static WeComCallback Parse(string plaintext)
    {
        Assert.True(ChannelParser.TryParse(plaintext, Channel.WeCom, out var callback, out var reason), reason);
        return Assert.IsType<WeComCallback>(callback, exactMatch: false);
    }

    /// <summary>The sample of a kind, or of another form of it.</summary>
    public static T Of<T>(string name) where T : WeComCallback => Assert.IsType<T>(Parse(Text(name + ".xml")));
}
