namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>The events with a second name, ChangeType.</summary>
internal static partial class WeComParser
{
    private static WeComCallback Contact(string change, CallbackFields fields)
    {
        var (staff, external) = (fields.Control("UserID"), fields.Control("ExternalUserID"));
        return change switch
        {
            "add_external_contact" => Added(half: false),
            "add_half_external_contact" => Added(half: true),
            "edit_external_contact" => new ContactEdited(staff, external, fields.Optional("State")),
            "del_external_contact" => new ContactDeleted(staff, external, fields.Optional("Source")),
            "del_follow_user" => new ContactLost(staff, external),
            "transfer_fail" => new TransferFailed(staff, external, fields.Control("FailReason")),
            "msg_audit_approved" => new ArchiveApproved(staff, external, fields.Optional("WelcomeCode")),
            _ => Unknown(fields),
        };

        ContactAdded Added(bool half) => new(
            staff, external, half, fields.Optional("State"), fields.Optional("WelcomeCode"), fields.Optional("LinkId"));
    }

    private static WeComCallback Chat(string change, CallbackFields fields)
    {
        var kind = change switch
        {
            "create" => WeComKinds.ChatCreated,
            "dismiss" => WeComKinds.ChatDismissed,
            "update" => fields.Control("UpdateDetail") switch
            {
                "add_member" => WeComKinds.ChatMemberAdded,
                "del_member" => WeComKinds.ChatMemberLeft,
                "change_owner" => WeComKinds.ChatOwnerChanged,
                "change_name" => WeComKinds.ChatRenamed,
                "change_notice" => WeComKinds.ChatNoticeChanged,
                _ => null,
            },
            _ => null,
        };
        if (kind is null) return Unknown(fields);
        return new ChatEvent(fields.Control("ChatId"), kind)
        {
            JoinScene = fields.Integer("JoinScene"), QuitScene = fields.Integer("QuitScene"),
            MemChangeCnt = fields.Integer("MemChangeCnt"),
            // JSON has no need of the inner name.
            MemChangeList = fields.All("MemChangeList.Item") is { Count: > 0 } members ? members : fields.All("MemChangeList"),
            LastMemVer = fields.Optional("LastMemVer"), CurMemVer = fields.Optional("CurMemVer"),
        };
    }

    private static WeComCallback Tag(string change, CallbackFields fields)
    {
        var kind = change switch
        {
            "create" => WeComKinds.TagCreated,
            "update" => WeComKinds.TagUpdated,
            "delete" => WeComKinds.TagDeleted,
            "shuffle" => WeComKinds.TagShuffled,
            _ => null,
        };
        return kind is null ? Unknown(fields) : new TagEvent(kind, fields.Control("Id"), fields.Optional("TagType"), fields.Optional("StrategyId"));
    }

    // Only names that are known become part of a kind: kinds are counted, and what is counted must be bounded.
    private static WeComCallback Acquisition(string change, CallbackFields fields) => change switch
    {
        "balance_low" or "balance_exhausted" or "balance_increased" or "link_unavailable" or "delete_link" or "quota_expire_soon"
            or "open_profile" or "friend_request" or "customer_start_chat" or "del_follow_user" or "message_from_customer"
            or "service_balance_low" or "service_balance_exhausted" or "service_balance_consumed" or "change_price" =>
            new AcquisitionEvent(change, fields.Control("UserID"), fields.Control("ExternalUserID"))
            {
                LinkId = fields.Optional("LinkId"), State = fields.Optional("State"), ChatKey = fields.Optional("ChatKey"),
                At = fields.Integer("ExpireTime") ?? fields.Integer("EffectiveTime"),
                Amount = fields.Integer("ExpireQuotaNum") ?? fields.Integer("Price"), OnceKey = fields.Optional("OnceKey"),
            },
        _ => Unknown(fields),
    };

    private static WeComCallback AddressBook(string change, CallbackFields fields) => change switch
    {
        "create_user" or "update_user" or "delete_user" => new StaffChanged(change, fields.Control("UserID")) { NewUserId = fields.Optional("NewUserID") },
        "create_party" or "update_party" or "delete_party" =>
            new StaffChanged(change, "") { PartyId = fields.Optional("Id"), ParentId = fields.Optional("ParentId") },
        "update_tag" => new StaffChanged(change, "")
        {
            TagId = fields.Optional("TagId"), AddUserItems = Commas(fields, "AddUserItems"), DelUserItems = Commas(fields, "DelUserItems"),
            AddPartyItems = Commas(fields, "AddPartyItems"), DelPartyItems = Commas(fields, "DelPartyItems"),
        },
        _ => Unknown(fields),
    };

    private static string[] Commas(CallbackFields fields, string name) =>
        fields.Control(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
