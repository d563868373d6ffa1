using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

internal static partial class OaGoldenCalls
{
    private static void Users()
    {
        Answers("user.info", api => api.UserInfo(A, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"), user =>
        {
            Assert.Equal(("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", 1, "o6_bmasdasdsad6_2sgVt7hMZOPfL", null), (user.Openid, user.Subscribe, user.Unionid, user.Remark));
            Assert.Equal([128, 2], user.TagidList!);
            Assert.Equal((1382694957, "ADD_SCENE_QR_CODE", 98765, null), (user.SubscribeTime, user.SubscribeScene, user.QrScene, user.QrSceneStr));
        });
        Answers("user.info.batchget", api => api.UserInfoBatchGet(A, ["otvxTs4dckWG7imySrJd6jSi0CWE", "otvxTs_JZ6SEiP0imdhpi50fuSZg"]), list =>
        {
            Assert.Equal([("otvxTs4dckWG7imySrJd6jSi0CWE", 1), ("otvxTs_JZ6SEiP0imdhpi50fuSZg", 0)], list.Users.Select(u => (u.Openid, u.Subscribe)));
            Assert.Equal([128, 2], list.Users[0].TagidList!);
        });
        Answers("user.get", api => api.UserGet(A, "OPENID1"), page =>
        {
            Assert.Equal(["OPENID10001", "OPENID10002", "OPENID20000"], page.Openids);
            Assert.Equal((23000, 10000, "OPENID20000", false), (page.Total, page.Count, page.NextOpenid, page.IsLast));
        });
        Answers("user.get~first", api => api.UserGet(A), page =>
        {
            Assert.Equal(["OPENID1", "OPENID2"], page.Openids);
            Assert.Equal(("OPENID2", true), (page.NextOpenid, page.IsLast));
        });
        Answers("user.get~none", api => api.UserGet(A, "OPENID2"), page =>
        {
            Assert.Empty(page.Openids);
            Assert.Equal((2, 0, null, true), (page.Total, page.Count, page.NextOpenid, page.IsLast));
        });
        Does("user.info.updateremark", api => api.UserInfoUpdateRemark(A, "oDF3iYx0ro3_7jD4HFRDfrjdCM58", "pangzi"));

        Answers("tags.create", api => api.TagsCreate(A, "广东"), tag => Assert.Equal((134, "广东"), (tag.Id, tag.Name)));
        Answers("tags.get", api => api.TagsGet(A), list => Assert.Equal(
            [(1, "每天一罐可乐星人", 0), (2, "星标组", 0), (127, "广东", 5)], list.Tags.Select(t => (t.Id, t.Name, t.Count))));
        Does("tags.update", api => api.TagsUpdate(A, 134, "广东人"));
        Does("tags.delete", api => api.TagsDelete(A, 134));
        string[] two = ["ocYxcuAEy30bX0NXmGn4ypqx3tI0", "ocYxcuBt0mRugKZ7tGAHPnUaOW7Y"];
        Does("tags.members.batchtagging", api => api.TagsBatchTagging(A, 134, two));
        Does("tags.members.batchuntagging", api => api.TagsBatchUntagging(A, 134, two));
        Answers("tags.getidlist", api => api.TagsGetIdList(A, two[0]), ids => Assert.Equal([134, 2], ids.TagidList));
        Answers("user.tag.get", api => api.UserTagGet(A, 134, two[0]), page =>
        {
            Assert.Equal(two, page.Openids);
            Assert.Equal((two[1], true), (page.NextOpenid, page.IsLast));
        });
        Answers("user.tag.get~first", api => api.UserTagGet(A, 134), page => Assert.Equal((0, 0, true), (page.Count, page.Openids.Count, page.IsLast)));
        Answers("tags.members.getblacklist", api => api.TagsGetBlacklist(A, "OPENID1"), page =>
        {
            Assert.Equal(["OPENID1", "OPENID2", "OPENID10000"], page.Openids);
            Assert.Equal((23000, false), (page.Total, page.IsLast));
        });
        Answers("tags.members.getblacklist~first", api => api.TagsGetBlacklist(A), page => Assert.Equal((0, true), (page.Openids.Count, page.IsLast)));
        Does("tags.members.batchblacklist", api => api.TagsBatchBlacklist(A, new[] { "OPENID1", "OPENID2" }));
        Does("tags.members.batchunblacklist", api => api.TagsBatchUnblacklist(A, new[] { "OPENID1", "OPENID2" }));
    }

    private static void Menus()
    {
        var song = MenuButton.Click("今日歌曲", "V1001_TODAY_MUSIC");
        Does("menu.create", api => api.MenuCreate(A, new[]
        {
            song,
            MenuButton.Group(
                "菜单",
                MenuButton.View("搜索", "http://www.soso.com/"),
                MenuButton.MiniProgram("wxa", "wx286b93c14bbf93aa", "pages/lunar/index", "http://mp.weixin.qq.com"),
                MenuButton.Click("赞一下我们", "V1001_GOOD")),
        }));
        Answers("menu.get", api => api.MenuGet(A), menus =>
        {
            Assert.Equal("208396938", menus.Menu.Menuid);
            Assert.Equal([("今日歌曲", "click", "V1001_TODAY_MUSIC"), ("菜单", null, null)], menus.Menu.Button.Select(b => (b.Name, b.Type, b.Key)));
            Assert.Equal("http://www.soso.com/", Assert.Single(menus.Menu.Button[1].SubButton!).Url);
            var other = Assert.Single(menus.Conditional);
            Assert.Equal(("208396993", "2", "2"), (other.Menuid, other.Matchrule!.TagId, other.Matchrule.ClientPlatformType));
        });
        Does("menu.delete", api => api.MenuDelete(A));
        Answers("menu.addconditional", api => api.MenuAddConditional(A, new[] { song }, new MenuMatchRule { TagId = "2", ClientPlatformType = "2" }), id => Assert.Equal("208379533", id));
        Does("menu.delconditional", api => api.MenuDelConditional(A, "208379533"));
        Answers("menu.trymatch", api => api.MenuTryMatch(A, "weixin"), menu => Assert.Equal(["tx", "tx"], menu.Button.Select(b => b.Name)));
    }
}
