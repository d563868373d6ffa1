using System.Threading.Channels;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>Events that follow from calls, and from what staff do: told after the call is answered.</summary>
public sealed class CallbackQueue
{
    private readonly Channel<(Account Account, string Xml)> channel = Channel.CreateUnbounded<(Account, string)>();

    public ChannelReader<(Account Account, string Xml)> Reader => channel.Reader;

    public void Add(Account account, string xml) => channel.Writer.TryWrite((account, xml));
}

/// <summary>Delivers them. What waits when the host stops is lost, as it is when a server of WeChat's fails: nothing may rely on a callback.</summary>
public sealed class CallbackPump(CallbackQueue queue, CallbackCourier courier) : BackgroundService
{
    private const int AtOnce = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(queue.Reader.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                async (callback, ct) => await courier.Deliver(callback.Account, callback.Xml, RetryPolicy.Timeout, ct));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
