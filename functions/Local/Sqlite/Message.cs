namespace CrmServerless.Local.Sqlite;

/// <summary>
/// What memory holds of a message that waits, shared by the queues of all stages: some 50 bytes. The body stays in the
/// file, see <see cref="BodyCache"/>.
/// </summary>
internal sealed class Message(long seq, long pending, int lane, long at, long due)
{
    /// <summary>Place in the order of the topic.</summary>
    public long Seq { get; set; } = seq;

    /// <summary>One bit for each stage that has not completed it.</summary>
    public long Pending { get; set; } = pending;

    public int Lane { get; } = lane;

    /// <summary>When it joined the topic, Unix milliseconds.</summary>
    public long At { get; set; } = at;

    /// <summary>Not delivered before, Unix milliseconds; 0 for at once.</summary>
    public long Due { get; } = due;
}

/// <param name="MessageId">Message id.</param>
/// <param name="FactId">Id of the fact.</param>
/// <param name="Bytes">The envelope, UTF-8.</param>
internal sealed record MessageBody(string MessageId, string FactId, byte[] Bytes);

/// <summary>A fact on its way into the file.</summary>
internal sealed record Incoming(string Key, int Lane, long Pending, long Due, MessageBody Body);
