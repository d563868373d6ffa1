using System.Text;
using System.Text.Json.Nodes;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>Answers that are not as documented.</summary>
public sealed class WeComApiAnswerTests : IDisposable
{
    private static readonly AccountCredentials Corp = FakeWeChat.Company;

    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("ok")]
    [InlineData("<html>please sign in</html>")]
    [InlineData("""{"errcode":"soon","errmsg":"ok"}""")]
    [InlineData("""{"errmsg":"ok","external_userid":[],"tag_group":[],"department":[],"ip_list":[]}""")]
    public async Task What_is_not_WeComs_answer_is_no_success_of_any_call(string body)
    {
        foreach (var (name, call) in WeComApiCalls.All)
        {
            using var wechat = new FakeWeChat();
            wechat.Answers(body);
            var result = await call.Make(wechat.WeCom);
            Assert.Equal((name, -1, ApiFault.Transient, true), (name, result.ErrCode, result.Fault, result.OutcomeUnknown));
        }
    }

    [Fact]
    public async Task Any_value_may_be_null_or_missing_or_strange_and_the_answer_is_read_or_unreadable_but_no_call_throws()
    {
        foreach (var (name, call) in WeComApiCalls.All)
        {
            var sample = WeComApiSample.Read(name);
            if (sample.Media is not null) continue;
            foreach (var broken in Broken(JsonNode.Parse(sample.Response)!))
            {
                using var wechat = new FakeWeChat();
                wechat.Answers(broken);
                var result = await call.Make(wechat.WeCom);
                Assert.True(result.Ok || result.ErrCode != 0, $"{name}: {broken}");
            }
        }
    }

    [Fact]
    public async Task Half_an_answer_is_unreadable()
    {
        foreach (var (name, call) in WeComApiCalls.All)
        {
            var sample = WeComApiSample.Read(name);
            if (sample.Media is not null) continue;
            using var wechat = new FakeWeChat();
            wechat.Answers(Encoding.UTF8.GetString(sample.Response)[..^1]);
            Assert.Equal((name, ApiFault.Transient, true), (name, (await call.Make(wechat.WeCom)).Fault, true));
        }
    }

    [Theory]
    [InlineData("""{"errcode":0,"errmsg":"ok"}""")]
    [InlineData("""{"errcode":0,"errmsg":"ok","external_userid":null}""")]
    [InlineData("""{"errcode":"0","errmsg":"ok","external_userid":[]}""")]
    [InlineData("""{"errcode":0,"errmsg":null,"external_userid":["",null,"  "]}""")]
    public async Task A_list_that_is_missing_or_null_is_empty(string body)
    {
        _wechat.Answers(body);
        Assert.Empty((await _wechat.WeCom.ExternalContactList(Corp, "zhangsan")).Required.ExternalUserid);
    }

    [Fact]
    public async Task Numbers_are_read_as_strings_too_and_blanks_around_ids_are_taken_off()
    {
        _wechat.Answers("""
            {"errcode":"0","errmsg":"ok","external_contact":{"external_userid":" wm1 ","name":null,"type":"1","gender":null,"unionid":""},
             "follow_user":[{"userid":"zhangsan ","createtime":"1525779812","add_way":"202","tags":null,"remark_mobiles":["138 "],"state":" "},{"createtime":null,"add_way":""}],
             "next_cursor":""}
            """);
        var found = (await _wechat.WeCom.ExternalContactGet(Corp, "wm1")).Required;
        Assert.Equal(("wm1", null, 1, 0, null), (found.ExternalContact.ExternalUserid, found.ExternalContact.Name, found.ExternalContact.Type, found.ExternalContact.Gender, found.ExternalContact.Unionid));
        Assert.Equal(("zhangsan", 1525779812L, 202, 0, null), (found.FollowUser[0].Userid, found.FollowUser[0].Createtime, found.FollowUser[0].AddWay, found.FollowUser[0].Tags.Count, found.FollowUser[0].State));
        Assert.Equal(["138"], found.FollowUser[0].RemarkMobiles);
        Assert.Equal(("", 0L, 0), (found.FollowUser[1].Userid, found.FollowUser[1].Createtime, found.FollowUser[1].AddWay));
        Assert.Null(found.NextCursor);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("\"1\"", true)]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("null", false)]
    public async Task Yes_and_no_are_read_as_numbers_and_strings_too(string value, bool more)
    {
        _wechat.Answers($$"""{"errcode":0,"has_more":{{value}},"next_cursor":"c"}""");
        Assert.Equal(more, (await _wechat.WeCom.KfSyncMsg(Corp, new("wk1"))).Required.HasMore);
    }

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("\" 5 \"", 5)]
    [InlineData("1e1", 10)]
    public async Task A_whole_number_may_be_written_with_a_fraction(string value, int total)
    {
        _wechat.Answers($$"""{"errcode":0,"total":{{value}}}""");
        Assert.Equal(total, (await _wechat.WeCom.ExternalContactCustomerAcquisitionQuota(Corp)).Required.Total);
    }

    [Theory]
    [InlineData("\"many\"")]
    [InlineData("99999999999")]
    [InlineData("1e300")]
    [InlineData("[]")]
    public async Task What_is_no_number_of_that_size_is_unreadable(string value)
    {
        _wechat.Answers($$"""{"errcode":0,"total":{{value}}}""");
        Assert.Equal(ApiFault.Transient, (await _wechat.WeCom.ExternalContactCustomerAcquisitionQuota(Corp)).Fault);
    }

    [Fact]
    public async Task Recipients_that_are_told_as_a_list_are_read_too()
    {
        _wechat.Answers("""{"errcode":0,"errmsg":"ok","invaliduser":["lisi"],"invalidparty":null,"invalidtag":"","msgid":"m"}""");
        var sent = (await _wechat.WeCom.MessageSend(Corp, StaffRecipients.All, new StaffText("好"))).Required;
        Assert.Equal(["lisi"], sent.Invaliduser);
        Assert.Equal((0, 0, 0), (sent.Invalidparty.Count, sent.Invalidtag.Count, sent.Unlicenseduser.Count));
        Assert.False(sent.Complete);
    }

    [Fact]
    public async Task The_pages_of_a_customer_with_many_colleagues_become_one()
    {
        _wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(request.RequestUri!.Query.Contains("cursor=c1", StringComparison.Ordinal)
            ? """{"errcode":0,"external_contact":{"external_userid":"wm1"},"follow_user":[{"userid":"b"}]}"""
            : """{"errcode":0,"external_contact":{"external_userid":"wm1"},"follow_user":[{"userid":"a"}],"next_cursor":"c1"}"""));
        var found = (await _wechat.WeCom.ExternalContactGetAll(Corp, "wm1")).Required;
        Assert.Equal(["a", "b"], found.FollowUser.Select(user => user.Userid));
        Assert.Null(found.NextCursor);
    }

    [Fact]
    public async Task A_page_that_fails_fails_the_whole_customer_and_a_cursor_that_stays_ends_him()
    {
        _wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(request.RequestUri!.Query.Contains("cursor=c1", StringComparison.Ordinal)
            ? """{"errcode":-1,"errmsg":"system busy"}"""
            : """{"errcode":0,"external_contact":{"external_userid":"wm1"},"follow_user":[{"userid":"a"}],"next_cursor":"c1"}"""));
        Assert.Equal((-1, ApiFault.Transient), await _wechat.WeCom.ExternalContactGetAll(Corp, "wm1") is var failed ? (failed.ErrCode, failed.Fault) : default);

        _wechat.Answers("""{"errcode":0,"external_contact":{"external_userid":"wm1"},"follow_user":[{"userid":"a"}],"next_cursor":"c1"}""");
        Assert.Equal(2, (await _wechat.WeCom.ExternalContactGetAll(Corp, "wm1")).Required.FollowUser.Count);
    }

    // Each value of the answer in turn as null, gone, a number, a text and a list.
    private static IEnumerable<string> Broken(JsonNode answer)
    {
        foreach (var path in Paths(answer, []).ToArray())
        {
            foreach (var strange in (string?[])["null", null, "7", "\"x\"", "[]"])
            {
                var copy = answer.DeepClone();
                var parent = path[..^1].Aggregate(copy, (node, step) => step is int index ? node[index]! : node[(string)step]!);
                if (path[^1] is int at) parent[at] = strange is null ? null : JsonNode.Parse(strange);
                else if (strange is null) parent.AsObject().Remove((string)path[^1]);
                else parent[(string)path[^1]] = JsonNode.Parse(strange);
                yield return copy.ToJsonString();
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] above)
    {
        // The first of a list stands for all.
        IEnumerable<(object Step, JsonNode? Node)> below = node switch
        {
            JsonObject entries => entries.Select(entry => ((object)entry.Key, entry.Value)),
            JsonArray { Count: > 0 } list => [(0, list[0])],
            _ => [],
        };
        foreach (var (step, child) in below)
        {
            object[] path = [.. above, step];
            yield return path;
            foreach (var deeper in Paths(child, path)) yield return deeper;
        }
    }
}
