using CrmServerless.Crm.Replies;

namespace CrmServerless.Tests.Stages;

public sealed class ReplyArticleTests
{
    [Theory] // an address is sent escaped, as it was saved
    [InlineData("https://e.com/a?b=1&c=%E4%B8%AD%20x", "https://e.com/a?b=1&c=%E4%B8%AD%20x")]
    [InlineData("https://e.com/中?q=茶", "https://e.com/%E4%B8%AD?q=%E8%8C%B6")]
    public void The_addresses_of_an_article_stay_addresses(string saved, string sent)
    {
        var article = new ReplyArticle("新品", new Uri(saved), PicUrl: new Uri(saved)).AsArticle();
        Assert.Equal((sent, sent), (article.Url, article.PicUrl));
    }
}
