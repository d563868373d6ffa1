namespace CrmServerless.Local.Simulator;

/// <summary>Ids of messages, as WeChat gives them: 64 bits, growing, no two the same, over restarts too.</summary>
public sealed class MessageIds
{
    private long last;

    public long Next(DateTimeOffset now)
    {
        while (true)
        {
            var known = Interlocked.Read(ref last);
            var next = Math.Max(known + 1, now.ToUnixTimeMilliseconds() << 20);
            if (Interlocked.CompareExchange(ref last, next, known) == known) return next;
        }
    }
}
