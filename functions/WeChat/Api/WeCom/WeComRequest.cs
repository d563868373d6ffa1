namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A body that is sent. It knows WeCom's documented limits of its fields, and is held against them before the call.</summary>
public abstract record WeComRequest : WireRecord
{
    /// <exception cref="ArgumentException">Something is over a limit, which the message names; it never quotes the value.</exception>
    internal virtual void Check() { }
}
