using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

internal sealed record KfAccountListRequest(int Offset, int Limit) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 100, "limit");
}

/// <summary>Accounts of customer service.</summary>
public sealed record KfAccountList : WireRecord
{
    public IReadOnlyList<KfAccount> AccountList { get => field ?? []; init; }
}

/// <summary>An account of customer service.</summary>
public sealed record KfAccount : WireRecord
{
    public required string OpenKfid { get; init; }

    public string? Name { get; init; }

    public string? Avatar { get; init; }

    /// <summary>Whether the application may serve its customers.</summary>
    public bool ManagePrivilege { get; init; }
}

/// <param name="OpenKfid">The account.</param>
/// <param name="Cursor">As kept; null: the oldest of 3 days. At most 64 bytes.</param>
/// <param name="Token">Of the event; at most 128 bytes.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="VoiceFormat">0 AMR, 1 Silk.</param>
public sealed record KfSyncMsgRequest(string OpenKfid, string? Cursor = null, string? Token = null, int Limit = 1000, int? VoiceFormat = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(OpenKfid, "open_kfid");
        WeComLimits.Bytes(Cursor, 64, "cursor");
        WeComLimits.Bytes(Token, 128, "token");
        WeComLimits.Between(Limit, 1, 1000, "limit");
        WeComLimits.Between(VoiceFormat, 0, 1, "voice_format");
    }
}

/// <summary>A page of messages and events.</summary>
public sealed record KfMessages : WireRecord
{
    /// <summary>To be kept, once the page has been dealt with.</summary>
    public string? NextCursor { get; init; }

    public bool HasMore { get; init; }

    public IReadOnlyList<KfMessage> MsgList { get => field ?? []; init; }
}

/// <summary>A message, or an event: one content, which <see cref="Msgtype"/> names.</summary>
public sealed record KfMessage : WireRecord
{
    public string Msgid { get => field ?? ""; init; }

    /// <summary>Null for an event, which names it itself.</summary>
    public string? OpenKfid { get; init; }

    /// <summary>Null for an event, which names him itself.</summary>
    public string? ExternalUserid { get; init; }

    /// <summary>Unix seconds.</summary>
    public long SendTime { get; init; }

    /// <summary>3 the customer, 4 WeCom, 5 a colleague.</summary>
    public int Origin { get; init; }

    public string? ServicerUserid { get; init; }

    /// <summary>text, image, voice, video, file, location, link, business_card, miniprogram, msgmenu, event and others.</summary>
    public string Msgtype { get => field ?? ""; init; }

    public KfTextContent? Text { get; init; }

    public MediaAttachment? Image { get; init; }

    public MediaAttachment? Voice { get; init; }

    public MediaAttachment? Video { get; init; }

    public MediaAttachment? File { get; init; }

    public KfLocationContent? Location { get; init; }

    public KfLinkContent? Link { get; init; }

    public UserRef? BusinessCard { get; init; }

    public KfMiniprogramContent? Miniprogram { get; init; }

    public KfEvent? Event { get; init; }

    /// <summary>The content of the other types, as sent: msgmenu, channels, merged_msg, meeting, note and what is to come.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <param name="Content">The text; blanks around it are the customer's.</param>
/// <param name="MenuId">Of the menu's item that was tapped.</param>
public sealed record KfTextContent([property: JsonConverter(typeof(RawStrings))] string? Content = null, string? MenuId = null) : WireRecord;

public sealed record KfLocationContent(double Latitude = 0, double Longitude = 0, string? Name = null, string? Address = null) : WireRecord;

public sealed record KfLinkContent(string? Title = null, string? Desc = null, string? Url = null, string? PicUrl = null) : WireRecord;

public sealed record KfMiniprogramContent(string? Title = null, string? Appid = null, string? Pagepath = null, string? ThumbMediaId = null) : WireRecord;

/// <summary>
/// What happened: enter_session, msg_send_fail, servicer_status_change, session_status_change, user_recall_msg, servicer_recall_msg,
/// reject_customer_msg_switch_change.
/// </summary>
public sealed record KfEvent : WireRecord
{
    public string EventType { get => field ?? ""; init; }

    public string? OpenKfid { get; init; }

    public string? ExternalUserid { get; init; }

    /// <summary>Of the link by which the customer came.</summary>
    public string? Scene { get; init; }

    public string? SceneParam { get; init; }

    /// <summary>For <c>send_msg_on_event</c>, 20 s; only if he was not welcomed within 48 h and has not written.</summary>
    public string? WelcomeCode { get; init; }

    public string? FailMsgid { get; init; }

    /// <summary>
    /// 0 unknown, 1 account deleted, 2 application closed, 4 over 48 h, 5 session closed, 6 over 5 messages, 8 not verified, 10 refused by the customer,
    /// 11 nobody logged in, 12 type not allowed.
    /// </summary>
    public int FailType { get; init; }

    public string? ServicerUserid { get; init; }

    /// <summary>Of a colleague: 1 serves, 2 does not.</summary>
    public int Status { get; init; }

    /// <summary>Of a session: 1 taken from the queue, 2 handed on, 3 ended, 4 taken up again.</summary>
    public int ChangeType { get; init; }

    public string? OldServicerUserid { get; init; }

    public string? NewServicerUserid { get; init; }

    /// <summary>For <c>send_msg_on_event</c>.</summary>
    public string? MsgCode { get; init; }

    public string? RecallMsgid { get; init; }

    /// <summary>1: the customer is blocked.</summary>
    public int RejectSwitch { get; init; }
}

internal sealed record KfServiceStateRequest(string OpenKfid, string ExternalUserid) : WeComRequest;

/// <param name="ServiceState">0 new, 1 bot, 2 queue, 3 a colleague, 4 ended.</param>
/// <param name="ServicerUserid">In state 3.</param>
public sealed record KfServiceState(int ServiceState, string? ServicerUserid = null) : WireRecord;

/// <param name="OpenKfid">The account.</param>
/// <param name="ExternalUserid">The customer.</param>
/// <param name="ServiceState">1 bot, 2 queue, 3 a colleague, 4 ended.</param>
/// <param name="ServicerUserid">Needed for 3; must be serving.</param>
public sealed record KfServiceStateTransRequest(string OpenKfid, string ExternalUserid, int ServiceState, string? ServicerUserid = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Between(ServiceState, 0, 4, "service_state");
        WeComLimits.Rule(ServiceState != 3 || ServicerUserid is not null, "WeCom needs a servicer_userid for state 3.", "servicer_userid");
    }
}

/// <param name="MsgCode">For <c>send_msg_on_event</c>, the first time that a state is reached.</param>
public sealed record KfServiceTransition(string? MsgCode = null) : WireRecord;
