using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Receive;

/// <summary>What is WeCom's own in the fact EventReceived: what it is about, and the few fields that stages read. Pure.</summary>
internal static class ReceivedWeCom
{
    public const string QuarantinedKind = "wecom.quarantined";

    /// <summary>WeCom gives 20 s from the event.</summary>
    public static readonly TimeSpan WelcomeSpan = TimeSpan.FromSeconds(20);

    /// <summary>Whose order it stands in: the customer's, else the group's, else the colleague's, else the account's.</summary>
    public static string Key(Account account, WeComCallback callback) => callback switch
    {
        { ExternalUserId: { } external } => Keys.Customer(account.Name, external),
        { ChatId: { } chat } => Keys.Chat(account.Name, chat),
        // A contact event that names no customer is the link's or the company's.
        not ContactEvent and { StaffId: { } staff } => Keys.Staff(account.Name, Corp(account, callback) is { } corp ? $"{corp}|{staff}" : staff),
        _ => Keys.AccountWide(account.Name),
    };

    // Every company of a suite has its own zhangsan; ids of customers and groups are WeCom's.
    private static string? Corp(Account account, WeComCallback callback) =>
        account.Kind == AccountKind.WeComSuite && callback.ToUserName.Length > 0 ? callback.ToUserName : null;

    public static EventReceived Describe(Account account, WeComCallback callback, DateTimeOffset at)
    {
        var received = new EventReceived
        {
            From = callback.ExternalUserId ?? callback.FromUserName, Kind = callback.Kind,
            StaffId = callback.StaffId, ChatId = callback.ChatId, CorpId = Corp(account, callback), Change = callback.ChangeType,
        };
        return callback switch
        {
            StaffText m => received with { Text = m.Content },
            StaffImage m => received with { MediaId = m.MediaId, Url = m.PicUrl },
            StaffVoice m => received with { MediaId = m.MediaId },
            StaffVideo m => received with { MediaId = m.MediaId },
            StaffPlace m => received with { Location = new GeoPoint(m.Latitude, m.Longitude), Text = m.Label },
            StaffLink m => received with { Text = m.Title, Url = m.Url },
            StaffMenuEvent { Name: "click" } e => received with { MenuKey = e.EventKey },
            StaffMenuEvent e => received with { Url = e.EventKey },
            StaffScanEvent e => received with { MenuKey = e.EventKey },
            StaffPicturesEvent e => received with { MenuKey = e.EventKey },
            StaffPlaceEvent e => received with { MenuKey = e.EventKey, Location = Point(e.Latitude, e.Longitude), Text = e.Label },
            StaffLocationEvent e => received with { Location = new GeoPoint(e.Latitude, e.Longitude) },
            TemplateCardEvent e => received with { MenuKey = e.EventKey, ObjectId = e.TaskId },
            BatchJobEvent e => received with { ObjectId = e.JobId, Reason = e.JobType },
            OpenApprovalEvent e => received with { ObjectId = e.ThirdNo },
            SysApprovalEvent e => received with { ObjectId = e.SpNo },
            ContactAdded e => Welcome(received with { State = e.State, ObjectId = e.LinkId }, e.WelcomeCode, at),
            ArchiveApproved e => Welcome(received, e.WelcomeCode, at),
            ContactEdited e => received with { State = e.State },
            ContactDeleted e => received with { Reason = e.Source },
            TransferFailed e => received with { Reason = e.FailReason },
            AcquisitionEvent e => received with { State = e.State, ObjectId = e.LinkId },
            ChatEvent e => received with { MemberChanges = e.MemChangeCnt, LastMemVer = e.LastMemVer, CurMemVer = e.CurMemVer },
            TagEvent e => received with { ObjectId = e.Id },
            KfNotify e => received with { ObjectId = e.OpenKfId },
            StaffChanged e => received with { ObjectId = e.PartyId ?? e.TagId },
            UnknownStaffMessage or UnknownWeComEvent => received with { Name = callback.RawName },
            _ => received,
        };
    }

    private static EventReceived Welcome(EventReceived received, string? code, DateTimeOffset at) =>
        code is null ? received : received with { WelcomeCode = code, WelcomeBy = at + WelcomeSpan };

    private static GeoPoint? Point(double? latitude, double? longitude) =>
        latitude is { } x && longitude is { } y ? new GeoPoint(x, y) : null;
}
