using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Sqlite;

/// <summary>What <see cref="SqliteBus"/> needs to know.</summary>
public sealed record SqliteBusOptions
{
    /// <summary>The database file; created with its folder. A file beside it, <c>.lock</c>, marks its owner.</summary>
    public required string Path { get; init; }

    /// <summary>The subscriptions, at most 63 names over the life of the file.</summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>Number of lanes; see <see cref="Crm.Messaging.Lanes"/>.</summary>
    public int Lanes { get; init; } = Crm.Messaging.Lanes.Default;

    /// <summary>For how long a message id is remembered.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For how long a delivery belongs to its receiver, unless renewed.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries of a message to a stage before it goes to the broker's dead letters.</summary>
    public int MaxDeliveries { get; init; } = 500;

    /// <summary>Bodies of waiting messages kept in memory, in bytes; beyond it they are read when they are delivered.</summary>
    public long BodyCacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Told of a fault while noting what was completed: nobody waits for that. It is tried again every second, and until
    /// then the messages would be delivered again after a restart.
    /// </summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>For tests: runs on the writer's thread before each group commit; may block or throw.</summary>
    internal Action? BeforeCommit { get; init; }
}

/// <summary>How much a stage has before it.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Waiting">Messages that can be delivered now or after others of their lane.</param>
/// <param name="InFlight">Messages under lease.</param>
/// <param name="Delayed">Messages that are not due yet.</param>
/// <param name="Oldest">When the oldest message that waits or is in flight joined the topic; null if there is none.</param>
/// <param name="Dead">Messages given up after <see cref="SqliteBusOptions.MaxDeliveries"/>.</param>
public sealed record StageDepth(string Stage, int Waiting, int InFlight, int Delayed, DateTimeOffset? Oldest, int Dead);

/// <summary>A message that a stage could not even fail on properly: it was delivered too often.</summary>
/// <param name="Number">Its number among the dead letters of this file.</param>
/// <param name="Stage">The stage that gave up.</param>
/// <param name="MessageId">Message id.</param>
/// <param name="FactId">Id of the fact.</param>
/// <param name="Deliveries">How often it was delivered.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Body">The envelope's UTF-8 bytes.</param>
public sealed record BrokerDeadLetter(
    long Number, string Stage, string MessageId, string FactId, int Deliveries, DateTimeOffset At, ReadOnlyMemory<byte> Body);

/// <summary>The lease ran out, so the message is, or will be, delivered to somebody else.</summary>
public sealed class LeaseLostException : Exception
{
    public LeaseLostException() : this("The lease is lost; the message is delivered again.") { }

    public LeaseLostException(string message) : base(message) { }

    public LeaseLostException(string message, Exception inner) : base(message, inner) { }
}
