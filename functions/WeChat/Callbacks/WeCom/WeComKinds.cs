namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>
/// The normalised names of what WeCom sends. They are stored; never rename one. Where a family has WeCom's own names in it
/// (<c>wecom.menu.click</c>), the rest of the name is what WeCom calls the event, in lower case.
/// </summary>
public static class WeComKinds
{
    /// <summary>Everything that WeCom sends starts so.</summary>
    public const string Channel = "wecom.";

    /// <summary>What a member of staff writes to an application: text, image, voice, video, location, link.</summary>
    public const string Messages = "wecom.message.";

    /// <summary>What a member of staff taps in an application's menu.</summary>
    public const string Menu = "wecom.menu.";

    /// <summary>An application's own life: subscribe, unsubscribe, alerts before it is closed, sharing.</summary>
    public const string Agent = "wecom.agent.";

    /// <summary>The link by which customers are won (获客助手).</summary>
    public const string Acquisition = "wecom.acquisition.";

    /// <summary>The address book.</summary>
    public const string Staff = "wecom.staff.";

    /// <summary>A message of a type that this version does not know.</summary>
    public const string UnknownMessage = "wecom.message.unknown";

    /// <summary>An event of a type that this version does not know.</summary>
    public const string UnknownEvent = "wecom.event.unknown";

    /// <summary>A member of staff opens an application.</summary>
    public const string EnterAgent = "wecom.enter_agent";

    /// <summary>Where a member of staff is, as the application was told.</summary>
    public const string LocationReport = "wecom.location_report";

    /// <summary>A button of a template card.</summary>
    public const string CardClick = "wecom.card.click";

    /// <summary>The menu in the corner of a template card.</summary>
    public const string CardMenu = "wecom.card.menu";

    /// <summary>A long job that we started is done.</summary>
    public const string BatchJob = "wecom.batch_job_result";

    /// <summary>An approval of an application's own form.</summary>
    public const string OpenApproval = "wecom.approval.open";

    /// <summary>An approval of WeCom's own form.</summary>
    public const string SysApproval = "wecom.approval.sys";

    /// <summary>WeCom will call from other addresses.</summary>
    public const string DomainIpChanged = "wecom.security.change_domain_ip";

    /// <summary>A member of staff added a customer.</summary>
    public const string CustomerAdded = "wecom.customer.added";

    /// <summary>A customer added a member of staff, who has not confirmed yet.</summary>
    public const string CustomerHalfAdded = "wecom.customer.half_added";

    /// <summary>A remark or a tag of a customer changed.</summary>
    public const string CustomerEdited = "wecom.customer.edited";

    /// <summary>A member of staff deleted a customer, or handed him over.</summary>
    public const string CustomerDeleted = "wecom.customer.deleted_by_staff";

    /// <summary>A customer deleted a member of staff.</summary>
    public const string CustomerLost = "wecom.customer.lost";

    /// <summary>A customer could not be handed over.</summary>
    public const string TransferFailed = "wecom.customer.transfer_failed";

    /// <summary>A customer group was made.</summary>
    public const string ChatCreated = "wecom.chat.created";

    /// <summary>A customer group was dissolved.</summary>
    public const string ChatDismissed = "wecom.chat.dismissed";

    /// <summary>Somebody joined a customer group.</summary>
    public const string ChatMemberAdded = "wecom.chat.member_added";

    /// <summary>Somebody left a customer group.</summary>
    public const string ChatMemberLeft = "wecom.chat.member_left";

    /// <summary>A customer group has another owner.</summary>
    public const string ChatOwnerChanged = "wecom.chat.owner_changed";

    /// <summary>A customer group has another name.</summary>
    public const string ChatRenamed = "wecom.chat.renamed";

    /// <summary>A customer group has another notice.</summary>
    public const string ChatNoticeChanged = "wecom.chat.notice_changed";

    /// <summary>A tag or a group of tags was made.</summary>
    public const string TagCreated = "wecom.tag.created";

    /// <summary>A tag or a group of tags has another name.</summary>
    public const string TagUpdated = "wecom.tag.updated";

    /// <summary>A tag, or a group with all its tags, was deleted.</summary>
    public const string TagDeleted = "wecom.tag.deleted";

    /// <summary>Tags have another order.</summary>
    public const string TagShuffled = "wecom.tag.shuffled";

    /// <summary>Something waits to be fetched in the customer service.</summary>
    public const string KfNotify = "wecom.kf.notify";

    /// <summary>Customer service accounts were opened to us or closed.</summary>
    public const string KfAuthChanged = "wecom.kf.auth_changed";

    /// <summary>Something waits to be fetched in the archive of conversations.</summary>
    public const string ArchiveNotify = "wecom.archive.notify";

    /// <summary>A customer agrees to his conversations being archived.</summary>
    public const string ArchiveApproved = "wecom.archive.approved";
}
