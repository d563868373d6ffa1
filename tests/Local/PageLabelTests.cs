using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Local;

public sealed class PageLabelTests
{
    [Fact]
    public void The_page_has_words_for_every_kind()
    {
        using var stream = typeof(CrmServerless.Local.Hosting.Page).Assembly.GetManifestResourceStream("index.html")!;
        using var reader = new StreamReader(stream);
        var page = reader.ReadToEnd();
        Assert.All(typeof(Kinds).GetFields(), kind => Assert.Contains($"'{kind.GetRawConstantValue()}': ['", page, StringComparison.Ordinal));
    }
}
