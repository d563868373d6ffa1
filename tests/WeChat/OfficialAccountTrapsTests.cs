using System.Net;
using System.Net.Http.Headers;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

/// <summary>What the documentation says in passing, or not at all.</summary>
public sealed class OfficialAccountTrapsTests : IDisposable
{
    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Fact]
    public async Task All_followers_are_paged_through_and_the_last_page_ends_it_although_it_names_a_next()
    {
        Pages((null, Page("a", 10_000)), ("a9999", Page("b", 10_000)), ("b9999", Page("c", 3)));
        var pages = await Followers(null);
        Assert.Equal(["a9999", "b9999", "c2"], pages.Select(p => p.Required.NextOpenid));
        Assert.Equal([10_000, 10_000, 3], pages.Select(p => p.Required.Openids.Count));
        Assert.Equal(3, Asked().Length);
    }

    [Fact]
    public async Task A_number_of_followers_that_fills_its_pages_ends_with_an_empty_one_without_data()
    {
        Pages((null, Page("a", 10_000)), ("a9999", """{"total":10000,"count":0,"next_openid":""}"""));
        var pages = await Followers(null);
        Assert.Equal([10_000, 0], pages.Select(p => p.Required.Openids.Count));
        Assert.Equal(2, Asked().Length);
    }

    [Fact]
    public async Task An_import_goes_on_from_where_it_stopped()
    {
        Pages(("b9999", Page("c", 3)));
        Assert.Equal(["c0", "c1", "c2"], Assert.Single(await Followers("b9999")).Required.Openids);
        Assert.Equal(["?access_token=t1&next_openid=b9999"], Asked());
    }

    [Fact]
    public async Task A_page_that_is_refused_is_told_and_is_the_last()
    {
        Pages((null, Page("a", 10_000)), ("a9999", """{"errcode":45009,"errmsg":"reach max api daily quota limit"}"""));
        var pages = await Followers(null);
        Assert.Equal([true, false], pages.Select(p => p.Ok));
        Assert.Equal(ApiFault.Quota, pages[1].Fault);
    }

    [Fact]
    public async Task An_account_without_a_menu_has_an_empty_one()
    {
        _wechat.Answers("""{"errcode":46003,"errmsg":"menu no exist rid: 64a"}""");
        var menus = await _wechat.Api.MenuGet(FakeWeChat.Account);
        Assert.True(menus.Ok);
        Assert.Empty(menus.Required.Menu.Button);
        Assert.Empty(menus.Required.Conditional);
    }

    [Theory] // the time of an upload, as a number and as a text
    [InlineData("1380000000", true)]
    [InlineData("\"1380000000\"", true)]
    [InlineData("\" 1380000000 \"", true)]
    [InlineData("0", false)]
    [InlineData("null", false)]
    [InlineData("\"soon\"", false)]
    [InlineData("99999999999999", false)]
    public async Task An_upload_without_its_time_is_unreadable_since_nobody_could_say_when_it_ends(string time, bool readable)
    {
        _wechat.Answers($$"""{"type":"image","media_id":"M1","created_at":{{time}}}""");
        var made = await _wechat.Api.MediaUpload(FakeWeChat.Account, Samples.Jpg);
        Assert.Equal(readable, made.Ok);
        if (readable) Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1380000000).AddDays(3), made.Required.ExpiresAt);
        else Assert.True(made.OutcomeUnknown);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/json; encoding=utf-8")]
    public async Task A_medium_that_is_refused_is_no_medium(string contentType)
    {
        _wechat.Answer = (_, _) => Task.FromResult(Bytes("""{"errcode":40007,"errmsg":"invalid media_id"}"""u8.ToArray(), contentType));
        var medium = await _wechat.Api.MediaGet(FakeWeChat.Account, "M1");
        Assert.Equal((40007, ApiFault.Request, null), (medium.ErrCode, medium.Fault, medium.Value));
        Assert.Equal(40007, (await _wechat.WeCom.MediaGet(FakeWeChat.Company, "M1")).ErrCode);
    }

    [Theory]
    [InlineData("明天见 👋")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[40007]")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"errcode":0,"errmsg":"ok"}""")]
    [InlineData("""{"errcode":"soon"}""")]
    public async Task A_text_that_names_no_errcode_is_the_medium(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        _wechat.Answer = (_, _) => Task.FromResult(Bytes(bytes, "text/plain"));
        Assert.Equal(bytes, (await _wechat.Api.MediaGet(FakeWeChat.Account, "M1")).Required.Bytes.ToArray());
        var ofWeCom = await _wechat.WeCom.MediaGet(FakeWeChat.Company, "M1");
        Assert.Equal(bytes, ofWeCom.Required.Content.ToArray());
        Assert.Equal("text/plain", ofWeCom.Required.ContentType);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task A_video_comes_as_its_address_whatever_its_type_is_said_to_be(string contentType)
    {
        _wechat.Answer = (_, _) => Task.FromResult(Bytes("""{"video_url":"http://v"}"""u8.ToArray(), contentType));
        Assert.Equal("http://v", (await _wechat.Api.MediaGet(FakeWeChat.Account, "M1")).Required.VideoUrl);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task What_an_upload_is_answered_may_be_said_to_be_text(string contentType)
    {
        _wechat.Answer = (_, _) => Task.FromResult(
            Bytes("""{"errcode":0,"errmsg":"ok","type":"image","media_id":"M1","created_at":1380000000}"""u8.ToArray(), contentType));
        Assert.Equal("M1", (await _wechat.Api.MediaUpload(FakeWeChat.Account, Samples.Jpg)).Required.MediaId);
        Assert.Equal("M1", (await _wechat.WeCom.MediaUpload(FakeWeChat.Company, new CrmServerless.WeChat.Api.WeCom.MediaFile("a.jpg", Samples.Jpg))).Required.MediaId);
    }

    [Theory]
    [InlineData(20 * 1024 * 1024, true)]
    [InlineData((20 * 1024 * 1024) + 1, false)]
    [InlineData(0, false)]
    public async Task A_medium_of_up_to_20_MiB_is_fetched(int length, bool taken)
    {
        _wechat.Answer = (_, _) => Task.FromResult(Bytes(new byte[length], "video/mp4"));
        var medium = await _wechat.Api.MediaGet(FakeWeChat.Account, "M1");
        Assert.Equal((taken, taken ? length : null), (medium.Ok, medium.Value?.Bytes.Length));
    }

    [Fact]
    public async Task The_name_of_a_medium_may_be_of_any_script()
    {
        var response = Bytes([1, 2], "audio/amr");
        response.Content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = "录音.amr" };
        _wechat.Answer = (_, _) => Task.FromResult(response);
        Assert.Equal("录音.amr", (await _wechat.Api.MediaGet(FakeWeChat.Account, "M1")).Required.FileName);
    }

    [Fact]
    public async Task Figures_of_days_without_any_come_as_null()
    {
        _wechat.Answers("""{"list":null}""");
        Assert.Empty((await _wechat.Api.DatacubeGetUserSummary(FakeWeChat.Account, new(2024, 5, 1), new(2024, 5, 7))).Required.Rows);
    }

    [Theory] // a day's figures are ready at 8 in the morning of the next, Chinese time (UTC+8)
    [InlineData("2024-05-08T00:00:00+08:00", "2024-05-06")]
    [InlineData("2024-05-08T07:59:59+08:00", "2024-05-06")]
    [InlineData("2024-05-08T08:00:00+08:00", "2024-05-07")]
    [InlineData("2024-05-07T23:59:59Z", "2024-05-06")]
    [InlineData("2024-05-08T00:00:00Z", "2024-05-07")]
    public void A_days_figures_are_ready_the_next_morning(string now, string day) =>
        Assert.Equal(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), DatacubeDays.LastReady(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Nothing_that_goes_over_the_wire_prints_what_is_in_it()
    {
        var text = string.Join(' ',
            new CustomText("openid-1", "secret text") { KfAccount = "kf@x" },
            new TemplateMessage("openid-1", "T", new Dictionary<string, string> { ["thing1"] = "secret text" }),
            new UploadedMedia("image", "media-1", DateTimeOffset.UnixEpoch),
            QrCode.Temporary("secret scene", TimeSpan.FromDays(1)),
            MenuButton.Click("secret text", "k"));
        _wechat.Answers("""{"errcode":0,"request":{"invoke_time":1,"request_body":"secret text","request_url":"access_token=t1"}}""");
        text += (await _wechat.Api.RidGet(FakeWeChat.Account, "r")).Required;
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("openid-1", text, StringComparison.Ordinal);
        Assert.Contains("CustomText TemplateMessage UploadedMedia QrCode MenuButtonRidInfo", text, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Bytes(byte[] body, string contentType)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return response;
    }

    private static string Page(string name, int count)
    {
        var ids = Enumerable.Range(0, count).Select(i => $"\"{name}{i}\"");
        return $$"""{"total":20003,"count":{{count}},"data":{"openid":[{{string.Join(',', ids)}}]},"next_openid":"{{name}}{{count - 1}}"}""";
    }

    private void Pages(params (string? Next, string Body)[] pages) => _wechat.Answer = (request, _) =>
    {
        var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);
        return Task.FromResult(FakeWeChat.Json(pages.Single(p => p.Next == query["next_openid"]).Body));
    };

    private async Task<List<ApiResult<OpenidPage>>> Followers(string? from)
    {
        var pages = new List<ApiResult<OpenidPage>>();
        await foreach (var page in _wechat.Api.AllFollowers(FakeWeChat.Account, from)) pages.Add(page);
        return pages;
    }

    private string[] Asked() => [.. _wechat.Calls.Where(c => c.Path == "/cgi-bin/user/get").Select(c => c.Query)];
}

internal static class Samples
{
    public static byte[] Jpg { get; } = [0xFF, 0xD8, 0xFF, 0xE0, .. "picture"u8];
}
