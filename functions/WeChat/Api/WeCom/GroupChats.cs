using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <param name="UseridList">1 to 100 owners.</param>
public sealed record OwnerFilter(IReadOnlyList<string> UseridList) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Needed(UseridList, "owner_filter.userid_list");
        WeComLimits.Count(UseridList, 100, "owner_filter.userid_list");
    }
}

/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
/// <param name="StatusFilter">0 all; of owners who have left: 1 to be handed over, 2 being handed over, 3 handed over.</param>
/// <param name="OwnerFilter">Of these owners.</param>
public sealed record GroupChatListRequest(int Limit = 1000, string? Cursor = null, int? StatusFilter = null, OwnerFilter? OwnerFilter = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Between(Limit, 1, 1000, "limit");
        WeComLimits.Between(StatusFilter, 0, 3, "status_filter");
        OwnerFilter?.Check();
    }
}

/// <summary>A page of groups.</summary>
public sealed record GroupChatList : WireRecord
{
    [JsonPropertyName("group_chat_list")]
    public IReadOnlyList<GroupChatRef> Chats { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="ChatId">For <c>groupchat/get</c>.</param>
/// <param name="Status">0 normal; of an owner who has left: 1 to be handed over, 2 being handed over, 3 handed over.</param>
public sealed record GroupChatRef(string ChatId, int Status = 0) : WireRecord;

internal sealed record GroupChatGetRequest(string ChatId, int NeedName) : WeComRequest;

/// <param name="GroupChat">The group.</param>
public sealed record GroupChatDetail(GroupChat GroupChat) : WireRecord;

/// <summary>A group with customers.</summary>
public sealed record GroupChat : WireRecord
{
    public required string ChatId { get; init; }

    public string? Name { get; init; }

    /// <summary>The colleague's userid.</summary>
    public string? Owner { get; init; }

    /// <summary>Unix seconds.</summary>
    public long CreateTime { get; init; }

    public string? Notice { get; init; }

    public IReadOnlyList<GroupMember> MemberList { get => field ?? []; init; }

    public IReadOnlyList<UserRef> AdminList { get => field ?? []; init; }

    /// <summary>As the events name it: equal means that there is nothing new.</summary>
    public string? MemberVersion { get; init; }
}

/// <summary>Somebody in a group.</summary>
public sealed record GroupMember : WireRecord
{
    /// <summary>A userid or an external_userid, see <see cref="Type"/>.</summary>
    public string Userid { get => field ?? ""; init; }

    /// <summary>1: a colleague. 2: a customer.</summary>
    public int Type { get; init; }

    public string? Unionid { get; init; }

    /// <summary>Unix seconds.</summary>
    public long JoinTime { get; init; }

    /// <summary>1 invited, 2 by a link, 3 by the group's QR code.</summary>
    public int JoinScene { get; init; }

    /// <summary>If a colleague did.</summary>
    public UserRef? Invitor { get; init; }

    public string? GroupNickname { get; init; }

    /// <summary>Only if asked for.</summary>
    public string? Name { get; init; }

    /// <summary>Of the code by which the customer came.</summary>
    public string? State { get; init; }
}

/// <param name="Userid">A colleague.</param>
public sealed record UserRef(string? Userid = null) : WireRecord;

/// <param name="ChatIdList">1 to 100.</param>
/// <param name="NewOwner">Must be allowed to have customers, be active and have a real name.</param>
public sealed record GroupChatTransferRequest(IReadOnlyList<string> ChatIdList, string NewOwner) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(ChatIdList, "chat_id_list");
        WeComLimits.Count(ChatIdList, 100, "chat_id_list");
    }
}

/// <summary>What became of a transfer of groups.</summary>
public sealed record GroupChatTransfer : WireRecord
{
    public IReadOnlyList<FailedChat> FailedChatList { get => field ?? []; init; }
}

/// <param name="ChatId">The group.</param>
/// <param name="Errcode">Why not.</param>
/// <param name="Errmsg">For people.</param>
public sealed record FailedChat(string? ChatId = null, int Errcode = 0, string? Errmsg = null) : WireRecord;
