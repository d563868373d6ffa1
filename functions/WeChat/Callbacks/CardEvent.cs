namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Whatever happens to a coupon or membership card; the kind says what. Each kind has some of the fields; the others are null.
/// Fees are in fen.
/// </summary>
public sealed record CardEvent(string Kind, string CardId, string? UserCardCode) : Callback
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    /// <summary>Null for what the platform says of a card as such: its review and its stock.</summary>
    public override string? Customer => Kind is Kinds.CardApproved or Kinds.CardRefused or Kinds.CardStockLow ? null : FromUserName;

    /// <summary>Got: whether from a friend.</summary>
    public bool? IsGiveByFriend { get; init; }

    /// <summary>Got: the openid of the friend who gave it; given away: of the friend who gets it.</summary>
    public string? FriendUserName { get; init; }

    /// <summary>Got: the code it had at the friend's.</summary>
    public string? OldUserCardCode { get; init; }

    /// <summary>Got: the number scene of where it was handed out.</summary>
    public string? OuterId { get; init; }

    /// <summary>Got, used, viewed: the text scene of where it was handed out.</summary>
    public string? OuterStr { get; init; }

    /// <summary>Got: whether a deleted membership card came back.</summary>
    public bool? IsRestoreMemberCard { get; init; }

    /// <summary>Got: whether a friend recommended it.</summary>
    public bool? IsRecommendByFriend { get; init; }

    /// <summary>Got: the customer's unionid.</summary>
    public string? UnionId { get; init; }

    /// <summary>Given away: whether it came back because nobody took it.</summary>
    public bool? IsReturnBack { get; init; }

    /// <summary>Given away: whether into a group chat.</summary>
    public bool? IsChatRoom { get; init; }

    /// <summary>Used: FROM_API, FROM_MP or FROM_MOBILE_HELPER.</summary>
    public string? ConsumeSource { get; init; }

    /// <summary>Used: name of the store.</summary>
    public string? LocationName { get; init; }

    /// <summary>Paid with: id of the store.</summary>
    public string? LocationId { get; init; }

    /// <summary>Used: openid of the clerk.</summary>
    public string? StaffOpenId { get; init; }

    /// <summary>Used: code of the customer's own use.</summary>
    public string? VerifyCode { get; init; }

    /// <summary>Used: the amount noted, as sent.</summary>
    public string? RemarkAmount { get; init; }

    /// <summary>Paid with: id of WeChat's payment.</summary>
    public string? TransId { get; init; }

    /// <summary>Paid with: what was paid.</summary>
    public long? Fee { get; init; }

    /// <summary>Paid with: what was due before the card.</summary>
    public long? OriginalFee { get; init; }

    /// <summary>Changed: points more or less, as sent.</summary>
    public string? ModifyBonus { get; init; }

    /// <summary>Changed: balance more or less, as sent.</summary>
    public string? ModifyBalance { get; init; }

    /// <summary>Refused: why.</summary>
    public string? RefuseReason { get; init; }

    /// <summary>Stock low: WeChat's words.</summary>
    public string? Detail { get; init; }

    internal static CardEvent Read(string kind, CallbackFields fields) => new(kind, fields.Control("CardId"), fields.Optional("UserCardCode"))
    {
        IsGiveByFriend = fields.Flag("IsGiveByFriend"),
        FriendUserName = fields.Optional("FriendUserName"),
        OldUserCardCode = fields.Optional("OldUserCardCode"),
        OuterId = fields.Optional("OuterId"),
        OuterStr = fields.Optional("OuterStr"),
        IsRestoreMemberCard = fields.Flag("IsRestoreMemberCard"),
        IsRecommendByFriend = fields.Flag("IsRecommendByFriend"),
        UnionId = fields.Optional("UnionId"),
        IsReturnBack = fields.Flag("IsReturnBack"),
        IsChatRoom = fields.Flag("IsChatRoom"),
        ConsumeSource = fields.Optional("ConsumeSource"),
        LocationName = fields.Optional("LocationName"),
        LocationId = fields.Optional("LocationId"),
        StaffOpenId = fields.Optional("StaffOpenId"),
        VerifyCode = fields.Optional("VerifyCode"),
        RemarkAmount = fields.Optional("RemarkAmount"),
        TransId = fields.Optional("TransId"),
        Fee = fields.Integer("Fee"),
        OriginalFee = fields.Integer("OriginalFee"),
        ModifyBonus = fields.Optional("ModifyBonus"),
        ModifyBalance = fields.Optional("ModifyBalance"),
        RefuseReason = fields.Optional("RefuseReason"),
        Detail = fields.Optional("Detail"),
    };
}
