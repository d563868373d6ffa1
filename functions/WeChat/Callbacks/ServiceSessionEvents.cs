namespace CrmServerless.WeChat.Callbacks;

/// <summary>A customer-service agent took a customer over (kf_create_session). What the customer writes still comes here.</summary>
public sealed record ServiceStartedEvent(string Agent) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.ServiceStarted;

    internal static ServiceStartedEvent Read(CallbackFields fields) => new(fields.Control("KfAccount"));
}

/// <summary>The session with a customer-service agent is over (kf_close_session).</summary>
public sealed record ServiceEndedEvent(string Agent, string? CloseType) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.ServiceEnded;

    internal static ServiceEndedEvent Read(CallbackFields fields) => new(fields.Control("KfAccount"), fields.Optional("CloseType"));
}

/// <summary>One agent handed a customer to another (kf_switch_session).</summary>
public sealed record ServiceSwitchedEvent(string FromAgent, string ToAgent) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.ServiceSwitched;

    internal static ServiceSwitchedEvent Read(CallbackFields fields) => new(fields.Control("FromKfAccount"), fields.Control("ToKfAccount"));
}
