using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Contracts;

/// <summary>What <see cref="BusContract"/> needs of a broker: publishing is the port, the rest belongs to each host.</summary>
public interface IBusHarness : IAsyncDisposable
{
    IMessageBus Bus { get; }

    /// <summary>The broker's time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>For how long a delivery belongs to its receiver.</summary>
    TimeSpan Lease { get; }

    /// <summary>What the stage can have now, or null if there is nothing.</summary>
    Task<IBusDelivery?> TryReceive(string stage);

    /// <summary>Lets time pass, with everything that time does: leases end, delayed facts join their lanes.</summary>
    Task Advance(TimeSpan by);

    /// <summary>The host stops in good order and starts again, with these stages if given.</summary>
    Task Restart(IReadOnlyList<Stage>? stages = null);
}

/// <summary>A fact under lease.</summary>
public interface IBusDelivery
{
    Envelope Fact { get; }

    string MessageId { get; }

    int DeliveryCount { get; }

    Task Complete();

    Task Abandon();

    Task<bool> TryRenew();
}
