using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

public sealed class MenuLimitsTests
{
    private static readonly MenuButton Song = MenuButton.Click("歌", "k");

    [Fact]
    public void Three_buttons_with_five_under_each_are_the_most()
    {
        var full = MenuButton.Group("五个", Song, Song, Song, Song, Song);
        Assert.Empty(MenuLimits.Faults([full, full, full]));
        Assert.Equal(["4 buttons; WeChat takes 1 to 3."], MenuLimits.Faults([full, full, full, Song]));
        Assert.Equal(["0 buttons; WeChat takes 1 to 3."], MenuLimits.Faults([]));
        Assert.Equal(["Button 2: 6 buttons under it; WeChat takes 5."], MenuLimits.Faults([Song, MenuButton.Group("六个", Song, Song, Song, Song, Song, Song)]));
        Assert.Equal(["Button 1.1: a third level; WeChat has two."], MenuLimits.Faults([MenuButton.Group("三层", full)]));
    }

    [Theory] // bytes of UTF-8: a Chinese character is 3, an emoji 4
    [InlineData("五个汉字好", "", true)]
    [InlineData("六个汉字太长", "Button 1: name of 18 bytes; WeChat takes 16.", false)]
    [InlineData("1234567890123456", "", true)]
    [InlineData("12345678901234567", "Button 1: name of 17 bytes; WeChat takes 16.", false)]
    [InlineData("🍵🍵🍵🍵", "", true)]
    [InlineData("", "Button 1: name is missing.", false)]
    public void A_name_of_the_first_level_has_16_bytes(string name, string fault, bool taken) => Is(taken, fault, MenuButton.Click(name, "k"));

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void A_name_under_it_has_60(int characters, bool taken) =>
        Is(taken, $"Button 1.1: name of {characters * 3} bytes; WeChat takes 60.", MenuButton.Group("组", MenuButton.Click(new string('字', characters), "k")));

    [Theory]
    [InlineData(0, "Button 1: key is missing.", false)]
    [InlineData(128, "", true)]
    [InlineData(129, "Button 1: key of 129 bytes; WeChat takes 128.", false)]
    public void A_key_has_128_bytes(int length, string fault, bool taken) => Is(taken, fault, MenuButton.Click("歌", new string('k', length)));

    [Theory]
    [InlineData(0, "Button 1: url is missing.", false)]
    [InlineData(1024, "", true)]
    [InlineData(1025, "Button 1: url of 1025 bytes; WeChat takes 1024.", false)]
    public void An_address_has_1024_bytes(int length, string fault, bool taken) => Is(taken, fault, MenuButton.View("网", new string('u', length)));

    [Fact]
    public void Each_type_needs_what_is_its_own()
    {
        foreach (var type in new[] { "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select" })
        {
            Assert.Empty(MenuLimits.Faults([MenuButton.Action(type, "名", "k")]));
            Assert.Equal(["Button 1: key is missing."], MenuLimits.Faults([new MenuButton { Type = type, Name = "名" }]));
        }

        Assert.Empty(MenuLimits.Faults([new MenuButton { Type = "media_id", Name = "名", MediaId = "m" }, new MenuButton { Type = "article_id", Name = "名", ArticleId = "a" }]));
        Assert.Equal(["Button 1: media_id is missing."], MenuLimits.Faults([new MenuButton { Type = "media_id", Name = "名" }]));
        Assert.Equal(["Button 1: article_id is missing."], MenuLimits.Faults([new MenuButton { Type = "article_view_limited", Name = "名" }]));
        Assert.Equal(
            ["Button 1: appid is missing.", "Button 1: pagepath is missing."],
            MenuLimits.Faults([new MenuButton { Type = "miniprogram", Name = "名", Url = "u" }]));
        Assert.Equal(["Button 1: no type that WeChat knows, and no buttons under it."], MenuLimits.Faults([new MenuButton { Type = "dance", Name = "名" }]));
        Assert.Equal(["Button 1: either a type or buttons under it, not both."], MenuLimits.Faults([MenuButton.Group("组", Song) with { Type = "click" }]));
    }

    [Fact]
    public async Task A_menu_over_a_limit_is_not_sent()
    {
        using var wechat = new FakeWeChat();
        MenuButton[] four = [Song, Song, Song, Song];
        var error = await Assert.ThrowsAsync<ArgumentException>(() => wechat.Api.MenuCreate(FakeWeChat.Account, four));
        Assert.Contains("1 to 3", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => wechat.Api.MenuAddConditional(FakeWeChat.Account, four, new MenuMatchRule { TagId = "2" }));
        await Assert.ThrowsAsync<ArgumentException>(() => wechat.Api.MenuAddConditional(FakeWeChat.Account, [Song], new MenuMatchRule()));
        Assert.Empty(wechat.Calls);
    }

    private static void Is(bool taken, string fault, MenuButton button) => Assert.Equal(taken ? [] : [fault], MenuLimits.Faults([button]));
}
