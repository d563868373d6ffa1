using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;
using Xunit.Abstractions;

namespace CrmServerless.Tests.Contracts;

/// <summary>
/// What the client expects of WeCom, by calls that only read: of the simulator, and of the real platform for whoever has
/// an application there. What that application may not ask (48002, 60011) or not from here (60020) counts as answered,
/// and its code is shown.
/// </summary>
public abstract class WeComContract(ITestOutputHelper output)
{
    private static readonly int[] NotAllowed = [48002, 60011, 60020];

    protected abstract WeComApi Api { get; }

    protected abstract TokenCentre Tokens { get; }

    protected abstract AccountCredentials Account { get; }

    [Fact]
    public async Task A_token_is_given_and_given_again()
    {
        var first = await Tokens.Get(Account);
        Assert.True(first.Ok, first.ToString());
        Assert.InRange(first.Required.Length, 1, 512);
        Assert.Equal(first.Required, (await Tokens.Get(Account)).Required);
    }

    [Fact]
    public async Task The_colleagues_with_customers_are_told()
    {
        if (Answered("get_follow_user_list", await Api.ExternalContactGetFollowUserList(Account)) is { } list) Assert.All(list.FollowUser, user => Assert.NotEqual("", user));
    }

    [Fact]
    public async Task The_first_colleagues_customers_are_told_or_nobody()
    {
        if (await Colleague() is not { } colleague) return;
        if (Answered("list", await Api.ExternalContactList(Account, colleague)) is { } list) Assert.All(list.ExternalUserid, IsCustomer);
    }

    [Fact]
    public async Task The_first_customer_is_told_with_the_colleague_who_has_him()
    {
        if (await Colleague() is not { } colleague) return;
        if (Answered("list", await Api.ExternalContactList(Account, colleague))?.ExternalUserid is not [var customer, ..]) return;
        if (Answered("get", await Api.ExternalContactGetAll(Account, customer)) is not { } found) return;
        Assert.Equal(customer, found.ExternalContact.ExternalUserid);
        Assert.InRange(found.ExternalContact.Type, 1, 2);
        var follower = Assert.Single(found.FollowUser, user => string.Equals(user.Userid, colleague, StringComparison.OrdinalIgnoreCase));
        Assert.InRange(follower.Createtime, 1_400_000_000, 4_000_000_000);

        var batch = Answered("batch/get_by_user", await Api.ExternalContactBatchGetByUser(Account, new([colleague], Limit: 10)));
        Assert.All(batch?.ExternalContactList ?? [], of => Assert.Equal(colleague, of.FollowInfo.Userid, ignoreCase: true));
    }

    [Fact]
    public async Task The_companys_tags_are_told_by_groups()
    {
        if (Answered("get_corp_tag_list", await Api.ExternalContactGetCorpTagList(Account)) is not { } list) return;
        Assert.All(list.TagGroup, group => Assert.NotEmpty(group.Tag));
        Assert.Distinct(list.TagGroup.SelectMany(group => group.Tag).Select(tag => tag.Id));
    }

    [Fact]
    public async Task Groups_are_told_and_the_first_with_its_members()
    {
        var owner = await Colleague();
        var request = new GroupChatListRequest(10, OwnerFilter: owner is null ? null : new([owner]));
        if (Answered("groupchat/list", await Api.ExternalContactGroupChatList(Account, request))?.Chats is not [var first, ..]) return;
        if (Answered("groupchat/get", await Api.ExternalContactGroupChatGet(Account, first.ChatId)) is not { } found) return;
        Assert.Equal(first.ChatId, found.GroupChat.ChatId);
        Assert.All(found.GroupChat.MemberList, member => Assert.InRange(member.Type, 1, 2));
    }

    [Fact]
    public async Task Departments_are_told()
    {
        if (Answered("department/list", await Api.DepartmentList(Account)) is { } list) Assert.All(list.Department, department => Assert.InRange(department.Id, 1, int.MaxValue));
    }

    [Fact]
    public async Task The_addresses_of_callbacks_are_told()
    {
        if (Answered("getcallbackip", await Api.GetCallbackIp(Account)) is not { } list) return;
        Assert.NotEmpty(list.Addresses);
        Assert.All(list.Addresses, address => Assert.Matches(@"^[0-9a-fA-F.:*/]+$", address));
    }

    private async Task<string?> Colleague()
    {
        var colleague = Answered("get_follow_user_list", await Api.ExternalContactGetFollowUserList(Account))?.FollowUser is [var first, ..] ? first : null;
        if (colleague is null) output.WriteLine("no colleague has customers");
        return colleague;
    }

    // Only the code: WeCom's text may name our address.
    private T? Answered<T>(string api, ApiResult<T> result)
        where T : class
    {
        if (result.Ok) return result.Required;
        output.WriteLine($"{api}: answered with {result.ErrCode}");
        Assert.Contains(result.ErrCode, NotAllowed);
        return null;
    }

    private static void IsCustomer(string externalUserId) => Assert.Matches("^w[mo]", externalUserId);
}
