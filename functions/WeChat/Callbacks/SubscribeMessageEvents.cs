namespace CrmServerless.WeChat.Callbacks;

/// <summary>What a customer answered when asked for consent to subscribe messages (subscribe_msg_popup_event), by template.</summary>
public sealed record SubscribeMessagePopupEvent(Items<SubscribeChoice> Choices) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.SubscribeMessagePopup;

    internal static SubscribeMessagePopupEvent Read(CallbackFields fields) => new(fields.All("SubscribeMsgPopupEvent.List", SubscribeChoice.Read));
}

/// <summary>A customer changed that consent in the settings (subscribe_msg_change_event), by template.</summary>
public sealed record SubscribeMessageChangeEvent(Items<SubscribeChoice> Choices) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.SubscribeMessageChange;

    internal static SubscribeMessageChangeEvent Read(CallbackFields fields) => new(fields.All("SubscribeMsgChangeEvent.List", SubscribeChoice.Read));
}

/// <summary>How subscribe messages ended (subscribe_msg_sent_event).</summary>
public sealed record SubscribeMessageSentEvent(Items<SubscribeMessageSent> Messages) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.SubscribeMessageSent;

    internal static SubscribeMessageSentEvent Read(CallbackFields fields) => new(fields.All("SubscribeMsgSentEvent.List", SubscribeMessageSent.Read));
}

/// <summary>Consent to one template.</summary>
/// <param name="TemplateId">The template.</param>
/// <param name="Status"><c>accept</c> or <c>reject</c>, as sent.</param>
/// <param name="PopupScene">Where it was asked: 0 mini program, 1 page, 2 article; null when it was not asked.</param>
public sealed record SubscribeChoice(string TemplateId, string Status, long? PopupScene)
{
    internal static SubscribeChoice Read(CallbackFields entry) =>
        new(entry.Control("TemplateId"), entry.Control("SubscribeStatusString"), entry.Integer("PopupScene"));
}

/// <summary>One sent subscribe message.</summary>
/// <param name="TemplateId">The template.</param>
/// <param name="SentMsgId">What the send returned; the documentation's samples spell it MsgID and MsgId.</param>
/// <param name="ErrorCode">0 for sent.</param>
/// <param name="ErrorStatus">In words, as sent.</param>
public sealed record SubscribeMessageSent(string TemplateId, string SentMsgId, long? ErrorCode, string ErrorStatus)
{
    internal static SubscribeMessageSent Read(CallbackFields entry) => new(
        entry.Control("TemplateId"), entry.Optional("MsgID") ?? entry.Control("MsgId"), entry.Integer("ErrorCode"), entry.Control("ErrorStatus"));
}
