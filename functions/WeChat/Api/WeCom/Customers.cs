namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>The colleagues who may have customers.</summary>
public sealed record FollowUserList : WireRecord
{
    public IReadOnlyList<string> FollowUser { get => field ?? []; init; }
}

/// <summary>The customers of a colleague.</summary>
public sealed record ExternalContactList : WireRecord
{
    public IReadOnlyList<string> ExternalUserid { get => field ?? []; init; }
}

/// <summary>A customer, and the colleagues who have him.</summary>
public sealed record ExternalContactDetail : WireRecord
{
    public required ExternalContact ExternalContact { get; init; }

    public IReadOnlyList<FollowUser> FollowUser { get => field ?? []; init; }

    /// <summary>Of the next page, where more than 500 colleagues have him.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>The customer himself.</summary>
public sealed record ExternalContact : WireRecord
{
    /// <summary>wm...: of WeChat, wo...: of WeCom. Another one in every company.</summary>
    public required string ExternalUserid { get; init; }

    public string? Name { get; init; }

    public string? Avatar { get; init; }

    /// <summary>1: uses WeChat. 2: uses WeCom, and has a position and a company.</summary>
    public int Type { get; init; }

    /// <summary>0 unknown, 1 male, 2 female.</summary>
    public int Gender { get; init; }

    /// <summary>Of type 1, if the company has bound an open platform account: joins him to the Official Account's followers.</summary>
    public string? Unionid { get; init; }

    public string? Position { get; init; }

    public string? CorpName { get; init; }

    public string? CorpFullName { get; init; }
}

/// <summary>What joins a colleague to a customer.</summary>
public abstract record Following : WireRecord
{
    public string Userid { get => field ?? ""; init; }

    public string? Remark { get; init; }

    public string? Description { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Createtime { get; init; }

    public string? RemarkCorpName { get; init; }

    public IReadOnlyList<string> RemarkMobiles { get => field ?? []; init; }

    /// <summary>Who asked: the colleague, the customer (an external_userid), or the one who shared or assigned him.</summary>
    public string? OperUserid { get; init; }

    /// <summary>
    /// 0 unknown, 1 QR code, 2 phone number, 3 card, 4 group, 5 contacts, 6 contact in WeChat, 8 application, 9 e-mail,
    /// 10 Channels, 201 shared by a colleague, 202 assigned. There are newer ones.
    /// </summary>
    public int AddWay { get; init; }

    /// <summary>Of the contact way or the acquisition link.</summary>
    public string? State { get; init; }

    /// <summary>Where the customer came from Channels (视频号).</summary>
    public WechatChannels? WechatChannels { get; init; }
}

/// <summary>As <c>externalcontact/get</c> tells it.</summary>
public sealed record FollowUser : Following
{
    public IReadOnlyList<FollowTag> Tags { get => field ?? []; init; }
}

/// <summary>As <c>externalcontact/batch/get_by_user</c> tells it: tags by their ids, the colleague's own ones not at all.</summary>
public sealed record FollowInfo : Following
{
    public IReadOnlyList<string> TagId { get => field ?? []; init; }
}

/// <summary>A tag that a colleague gave a customer.</summary>
public sealed record FollowTag : WireRecord
{
    public string? GroupName { get; init; }

    public string? TagName { get; init; }

    /// <summary>Null for a colleague's own tag.</summary>
    public string? TagId { get; init; }

    /// <summary>1: the company's. 2: the colleague's own. 3: of a rule group.</summary>
    public int Type { get; init; }
}

/// <param name="Nickname">The channel's name.</param>
/// <param name="Source">0 unknown, 1 its page, 2 a live show.</param>
public sealed record WechatChannels(string? Nickname = null, int Source = 0) : WireRecord;

/// <param name="UseridList">1 to 100.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
/// <param name="Limit">1 to 100.</param>
public sealed record BatchGetByUserRequest(IReadOnlyList<string> UseridList, string? Cursor = null, int Limit = 100) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(UseridList, "userid_list");
        WeComLimits.Count(UseridList, 100, "userid_list");
        WeComLimits.Between(Limit, 1, 100, "limit");
    }
}

/// <summary>A page of customers.</summary>
public sealed record ExternalContactBatch : WireRecord
{
    public IReadOnlyList<CustomerOfUser> ExternalContactList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }

    public BatchFailInfo? FailInfo { get; init; }
}

/// <param name="ExternalContact">The customer.</param>
/// <param name="FollowInfo">One colleague of those who have him.</param>
public sealed record CustomerOfUser(ExternalContact ExternalContact, FollowInfo FollowInfo) : WireRecord;

/// <summary>Colleagues who were left out, since the company has no licence for them.</summary>
public sealed record BatchFailInfo : WireRecord
{
    public IReadOnlyList<string> UnlicensedUseridList { get => field ?? []; init; }
}

/// <summary>At least one of the notes must be given; those that are null stay.</summary>
public sealed record RemarkRequest(string Userid, string ExternalUserid) : WeComRequest
{
    /// <summary>At most 20 characters.</summary>
    public string? Remark { get; init; }

    /// <summary>At most 150 characters.</summary>
    public string? Description { get; init; }

    /// <summary>At most 20 characters; of customers in WeChat only.</summary>
    public string? RemarkCompany { get; init; }

    /// <summary>Takes the place of those before; <see cref="NoMobiles"/> removes all.</summary>
    public IReadOnlyList<string>? RemarkMobiles { get; init; }

    public string? RemarkPicMediaid { get; init; }

    /// <summary>Removes all phone numbers: an empty list would change nothing.</summary>
    public static IReadOnlyList<string> NoMobiles { get; } = [""];

    internal override void Check()
    {
        WeComLimits.Characters(Remark, 20, "remark");
        WeComLimits.Characters(Description, 150, "description");
        WeComLimits.Characters(RemarkCompany, 20, "remark_company");
        WeComLimits.Rule(
            Remark is not null || Description is not null || RemarkCompany is not null || RemarkMobiles is not null || RemarkPicMediaid is not null,
            "WeCom needs a remark, a description, a company, phone numbers or a picture.", "remark");
    }
}
