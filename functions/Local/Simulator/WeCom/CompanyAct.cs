namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>Something that a colleague, a customer or an administrator does.</summary>
public sealed record CompanyAct
{
    /// <summary>One of the company's applications; all of them are told.</summary>
    public string Account { get; set; } = "work";

    /// <summary>
    /// add, half_add, confirm, edit, delete, lost, chat, send, publish, refuse, resign, tag_create, tag_rename, tag_delete,
    /// group_create, group_join, group_leave, group_rename, group_notice, group_owner or group_dismiss.
    /// </summary>
    public string? Act { get; init; }

    /// <summary>The colleague.</summary>
    public string? Userid { get; init; }

    /// <summary>The customer; one who is not known yet is made.</summary>
    public string? ExternalUserid { get; init; }

    /// <summary>Of whom or what is made.</summary>
    public string? Name { get; init; }

    public string? Unionid { get; init; }

    /// <summary>Of add: the state of the contact way.</summary>
    public string? State { get; init; }

    /// <summary>Of add: the contact way whose code is scanned; it says who is added, and the state.</summary>
    public string? ConfigId { get; init; }

    /// <summary>Of add: the acquisition link that is tapped, with <see cref="State"/> as its customer_channel.</summary>
    public string? LinkId { get; init; }

    /// <summary>Of edit.</summary>
    public string? Remark { get; init; }

    public string? Description { get; init; }

    /// <summary>Of edit: tag ids.</summary>
    public IReadOnlyList<string> AddTags { get; set; } = [];

    public IReadOnlyList<string> RemoveTags { get; set; } = [];

    /// <summary>Of tag_create: the group's name. Of tag_rename and tag_delete: the id of a tag or a group.</summary>
    public string? Tag { get; init; }

    public string? ChatId { get; init; }

    /// <summary>Of send the mass message, of publish the moment, that the colleague confirms.</summary>
    public string? Msgid { get; init; }
}

/// <summary>What came of an act: the ids of what was made by it, or why it could not be done.</summary>
public sealed record CompanyResult
{
    public string? Fault { get; init; }

    public string? ExternalUserid { get; init; }

    public string? WelcomeCode { get; init; }

    public string? ChatId { get; init; }

    public string? Tag { get; init; }

    public static CompanyResult Failed(string fault) => new() { Fault = fault };
}
