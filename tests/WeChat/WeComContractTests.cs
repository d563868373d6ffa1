using CrmServerless.Tests.Contracts;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;
using Xunit.Abstractions;

namespace CrmServerless.Tests.WeChat;

/// <summary>The contract against answers in the form of the documentation that belong together.</summary>
public sealed class WeComContractOnDocumentedAnswersTests : WeComContract, IDisposable
{
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["externalcontact/get_follow_user_list"] = """{"errcode":0,"follow_user":["ZhangSan"]}""",
        ["externalcontact/list"] = """{"errcode":0,"external_userid":["wm1"]}""",
        ["externalcontact/get"] = """{"errcode":0,"external_contact":{"external_userid":"wm1","type":1},"follow_user":[{"userid":"zhangsan","createtime":1525779812}]}""",
        ["externalcontact/batch/get_by_user"] = """{"errcode":0,"external_contact_list":[{"external_contact":{"external_userid":"wm1"},"follow_info":{"userid":"zhangsan"}}]}""",
        ["externalcontact/get_corp_tag_list"] = """{"errcode":0,"tag_group":[{"group_id":"g","tag":[{"id":"t"}]}]}""",
        ["externalcontact/groupchat/list"] = """{"errcode":0,"group_chat_list":[{"chat_id":"wr1","status":0}]}""",
        ["externalcontact/groupchat/get"] = """{"errcode":0,"group_chat":{"chat_id":"wr1","member_list":[{"userid":"zhangsan","type":1}]}}""",
        ["department/list"] = """{"errcode":0,"department":[{"id":1}]}""",
        ["getcallbackip"] = """{"errcode":0,"ip_list":["101.226.103.*"]}""",
    };

    private readonly FakeWeChat _wechat = new();

    public WeComContractOnDocumentedAnswersTests(ITestOutputHelper output) : base(output) =>
        _wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(Answers[request.RequestUri!.AbsolutePath["/cgi-bin/".Length..]]));

    protected override WeComApi Api => _wechat.WeCom;

    protected override TokenCentre Tokens => _wechat.Tokens;

    protected override AccountCredentials Account => FakeWeChat.Company;

    public void Dispose() => _wechat.Dispose();
}

/// <summary>An application that may ask nothing is answered too.</summary>
public sealed class WeComContractWithoutPermissionsTests : WeComContract, IDisposable
{
    private readonly FakeWeChat _wechat = new();

    public WeComContractWithoutPermissionsTests(ITestOutputHelper output) : base(output) => _wechat.Answers("""{"errcode":48002,"errmsg":"api forbidden"}""");

    protected override WeComApi Api => _wechat.WeCom;

    protected override TokenCentre Tokens => _wechat.Tokens;

    protected override AccountCredentials Account => FakeWeChat.Company;

    public void Dispose() => _wechat.Dispose();
}
