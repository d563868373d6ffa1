namespace CrmServerless.Crm.Messaging;

/// <summary>
/// A fault that time heals (429, 503, a timeout, errcode -1, an etag storm). The pipeline tries again with growing
/// delays and does not dead-letter the fact before 24 h or its deadline.
/// </summary>
public sealed class TransientException : Exception
{
    public TransientException() : this("A passing fault; try again later.") { }

    public TransientException(string message) : base(message) { }

    public TransientException(string message, Exception inner) : base(message, inner) { }
}
