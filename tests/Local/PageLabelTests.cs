using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Local;

public sealed class PageLabelTests
{
    [Fact]
    public void The_page_has_words_for_every_kind()
    {
        var page = Page();
        Assert.All(typeof(Kinds).GetFields(), kind => Assert.Contains($"'{kind.GetRawConstantValue()}': ['", page, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_wrong_with_WeChats_API_names_the_account()
    {
        var labels = Page().Split('\n').Where(l => l.TrimStart().StartsWith("wc", StringComparison.Ordinal) && l.Contains(": ['", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, labels.Count);
        // Of two accounts with the same trouble each has a line of its own, in both languages.
        Assert.All(labels, label => Assert.Equal(2, label.Split("{3}").Length - 1));
    }

    private static string Page()
    {
        using var stream = typeof(CrmServerless.Local.Hosting.Page).Assembly.GetManifestResourceStream("index.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
