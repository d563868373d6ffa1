namespace CrmServerless.Local.Sqlite;

/// <summary>A message under lease, to be completed, abandoned or renewed by who received it.</summary>
public sealed class SqliteDelivery
{
    private readonly SqliteBus _bus;

    internal SqliteDelivery(SqliteBus bus, StageQueue queue, Message message, int deliveryCount)
    {
        _bus = bus;
        Queue = queue;
        Message = message;
        DeliveryCount = deliveryCount;
        Node = new LinkedListNode<SqliteDelivery>(this);
    }

    /// <summary>The stage it was delivered to.</summary>
    public string Stage => Queue.Stage.Name;

    /// <summary>The envelope's UTF-8 bytes.</summary>
    public ReadOnlyMemory<byte> Body => Content!.Bytes;

    public string MessageId => Content!.MessageId;

    /// <summary>Id of the fact: the same when it is published again under another message id.</summary>
    public string FactId => Content!.FactId;

    /// <summary>How often it has been delivered to this stage, this time included.</summary>
    public int DeliveryCount { get; }

    public int Lane => Message.Lane;

    /// <summary>Until then nobody else gets it.</summary>
    public DateTimeOffset LeaseUntil { get; internal set; }

    internal StageQueue Queue { get; }

    internal Message Message { get; }

    internal LinkedListNode<SqliteDelivery> Node { get; }

    internal MessageBody? Content { get; set; }

    /// <summary>
    /// Done. The lane moves on at once and the note to the file follows with the next commit; should the process die in
    /// between, the fact is delivered again and the stage recognises it.
    /// </summary>
    /// <exception cref="LeaseLostException">The lease is lost; nothing is completed.</exception>
    public Task Complete() => _bus.Settle(this, completed: true);

    /// <summary>Not done: delivered again at once, at the head of its lane, with a higher count.</summary>
    /// <exception cref="LeaseLostException">The lease is lost.</exception>
    public Task Abandon() => _bus.Settle(this, completed: false);

    /// <summary>Extends the lease by its full length from now; false if it is lost.</summary>
    public bool TryRenew() => _bus.TryRenew(this);
}
