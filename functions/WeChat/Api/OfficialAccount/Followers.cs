using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>The answers about several followers, those who left included.</summary>
public sealed record UserInfoList : WireRecord
{
    /// <summary>One for each openid asked for.</summary>
    [AllowNull]
    [JsonPropertyName("user_info_list")]
    public required IReadOnlyList<UserInfo> Users { get; init => field = value ?? []; }
}

internal sealed record BatchGetRequest(BatchGetUser[] UserList) : WireRecord;

internal sealed record BatchGetUser(string Openid, string Lang) : WireRecord;

internal sealed record RemarkRequest(string Openid, string Remark) : WireRecord;
