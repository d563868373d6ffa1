namespace CrmServerless.WeChat.Api;

/// <summary>What goes over the wire. It prints its type only: content, openids and codes must not reach a log by accident.</summary>
public abstract record WireRecord
{
    /// <summary>The type only.</summary>
    public sealed override string ToString() => GetType().Name;
}
