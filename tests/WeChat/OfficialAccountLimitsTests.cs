using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

/// <summary>A request that is over a documented limit costs no call.</summary>
public sealed class OfficialAccountLimitsTests : IDisposable
{
    private static readonly AccountCredentials A = FakeWeChat.Account;

    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Fact]
    public async Task Openids_are_counted()
    {
        await Refused("1 to 100", api => api.UserInfoBatchGet(A, Ids(101)));
        await Refused("1 to 50", api => api.TagsBatchTagging(A, 134, Ids(51)));
        await Refused("1 to 50", api => api.TagsBatchUntagging(A, 134, Ids(51)));
        await Refused("1 to 20", api => api.TagsBatchBlacklist(A, Ids(21)));
        await Refused("1 to 20", api => api.TagsBatchUnblacklist(A, Ids(21)));
        await Refused("1 to 50", api => api.TagsBatchTagging(A, 134, []));
        await Refused("is empty", api => api.TagsBatchTagging(A, 134, ["o1", ""]));
        await Taken(api => api.TagsBatchTagging(A, 134, Ids(50)));
        await Taken(api => api.TagsBatchBlacklist(A, Ids(20)));
        _wechat.Answers("""{"user_info_list":[]}""");
        await Taken(api => api.UserInfoBatchGet(A, Ids(100)));
    }

    [Fact]
    public async Task Texts_are_measured()
    {
        await Refused("1 to 30", api => api.TagsCreate(A, new string('标', 31)));
        await Refused("1 to 30", api => api.TagsUpdate(A, 134, ""));
        await Refused("0 to 29", api => api.UserInfoUpdateRemark(A, "o1", new string('x', 30)));
        await Refused("1 to 16", api => api.KfAccountAdd(A, "kf1@test", new string('客', 17)));
        await Refused("prefix@", api => api.KfAccountAdd(A, "kf1", "客服"));
        await Refused("prefix@", api => api.KfSessionCreate(A, "@test", "o1"));
        await Taken(api => api.TagsUpdate(A, 134, new string('标', 30)));
        await Taken(api => api.UserInfoUpdateRemark(A, "o1", ""));
    }

    [Fact]
    public async Task Spans_are_measured()
    {
        DateOnly may1 = new(2024, 5, 1);
        await Refused("1 to 7", api => api.DatacubeGetUserSummary(A, may1, may1.AddDays(7)));
        await Refused("1 to 7", api => api.DatacubeGetUpstreamMsg(A, may1, may1.AddDays(-1)));
        await Refused("1 to 15", api => api.DatacubeGetUpstreamMsgDist(A, may1, may1.AddDays(15)));
        await Refused("1 to 30", api => api.DatacubeGetInterfaceSummary(A, may1, may1.AddDays(30)));
        await Refused("2014-12-01", api => api.DatacubeGetUserCumulate(A, new(2014, 11, 30), new(2014, 12, 1)));
        var noon = DateTimeOffset.UnixEpoch.AddDays(9000);
        await Refused("24 hours", api => api.MsgRecordGetMsgList(A, noon, noon.AddHours(24).AddSeconds(1)));
        await Refused("24 hours", api => api.MsgRecordGetMsgList(A, noon, noon.AddSeconds(-1)));
        await Refused("1 to 10000", api => api.MsgRecordGetMsgList(A, noon, noon.AddHours(1), 1, 10_001));
        _wechat.Answers("""{"list":[]}""");
        await Taken(api => api.DatacubeGetUserSummary(A, may1, may1.AddDays(6)));
    }

    [Fact]
    public async Task Messages_are_whole()
    {
        await Refused("ToUser", api => api.CustomSend(A, new CustomText("", "x")));
        await Refused("Content", api => api.CustomSend(A, new CustomText("o1", "")));
        await Refused("MediaId", api => api.CustomSend(A, new CustomImage("o1", "")));
        await Refused("without an item", api => api.CustomSend(A, new CustomMenu("o1", "?", [])));
        await Refused("letters", api => api.TemplateSend(A, new TemplateMessage("o1", "T", new Dictionary<string, string> { ["主题"] = "x" })));
        await Refused("letters", api => api.SubscribeBizSend(A, new SubscribeMessage("o1", "T", new Dictionary<string, string> { ["thing1.DATA"] = "x" })));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(4294967295, true)]
    [InlineData(4294967296, false)]
    public void A_temporary_code_has_32_bits_that_are_not_0(long scene, bool taken) =>
        IsTaken(taken, "1 to 4294967295", () => QrCode.Temporary(scene, TimeSpan.FromDays(1)));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(100000, true)]
    [InlineData(100001, false)]
    public void A_permanent_code_has_1_to_100000(long scene, bool taken) => IsTaken(taken, "1 to 100000", () => QrCode.Permanent(scene));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_text_on_a_code_has_1_to_64_characters(int length, bool taken)
    {
        IsTaken(taken, "1 to 64", () => QrCode.Permanent(new string('x', length)));
        IsTaken(taken, "1 to 64", () => QrCode.Temporary(new string('x', length), TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2592000, true)]
    [InlineData(2592001, false)]
    public void A_temporary_code_lives_30_days_at_most(int seconds, bool taken) =>
        IsTaken(taken, "1 to 2592000", () => QrCode.Temporary(1, TimeSpan.FromSeconds(seconds)));

    private static void IsTaken(bool taken, string limit, Action make)
    {
        var error = Record.Exception(make);
        if (taken) Assert.Null(error);
        else Assert.Contains(limit, Assert.IsType<ArgumentException>(error).Message, StringComparison.Ordinal);
    }

    private static string[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => $"o{i}")];

    private async Task Refused(string limit, Func<OfficialAccountApi, Task> call)
    {
        var before = _wechat.Calls.Count;
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => call(_wechat.Api));
        Assert.Contains(limit, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _wechat.Calls.Count);
    }

    private async Task Taken<T>(Func<OfficialAccountApi, Task<T>> call)
        where T : ApiResult => Assert.True((await call(_wechat.Api)).Ok);
}
