using System.Globalization;
using System.Text;

namespace CrmServerless.Load;

/// <summary>
/// A customer and all that was sent for him, in order. CreateTime grows by at least a second from one to the next (in a
/// burst it runs ahead of the clock), so that no two are the same event and each is found again by its time.
/// </summary>
internal sealed class Person(Account account, int number)
{
    private readonly List<Callback> _sent = [];
    private bool _follows;
    private long _second;

    public string OpenId { get; } = $"oSoak{number:D23}";

    public string Key => $"{account.Name}:{OpenId}";

    public IReadOnlyList<Callback> Sent => _sent;

    /// <summary>The next thing that this customer does.</summary>
    public Callback Next(Random random, long now, long msgId)
    {
        var act = Choose(random);
        _follows = !act.IsUnfollow;
        _second = Math.Max(_second + 1, now);
        var xml = string.Create(CultureInfo.InvariantCulture,
            $"<xml><ToUserName><![CDATA[{account.OriginalId}]]></ToUserName><FromUserName><![CDATA[{OpenId}]]></FromUserName><CreateTime>{_second}</CreateTime>{act.Xml}{(act.IsMessage ? $"<MsgId>{msgId}</MsgId>" : "")}</xml>");
        var next = new Callback(this, act, _second, Encoding.UTF8.GetBytes(xml));
        _sent.Add(next);
        return next;
    }

    // Some are known from before: the first thing that the CRM hears of them is a message.
    private Act Choose(Random random)
    {
        if (!_follows && (_sent.Count > 0 || random.Next(10) > 0)) return Act.Follows[random.Next(Act.Follows.Count)];
        var dice = random.Next(100);
        foreach (var (share, acts) in Act.Repertoire)
        {
            if (dice < share) return acts[random.Next(acts.Length)];
            dice -= share;
        }

        throw new InvalidOperationException("The shares are not a hundred.");
    }
}

/// <summary>A callback: one event, however often it is delivered.</summary>
internal sealed class Callback(Person from, Act act, long second, byte[] payload)
{
    private int _heard;

    public Person From => from;

    public Act Act => act;

    /// <summary>CreateTime.</summary>
    public long Second => second;

    public ReadOnlySpan<byte> Payload => payload;

    /// <summary>How often "success" was heard. Once is enough: then it must have its effect.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public bool Acknowledged => Heard > 0;

    public void Hear() => Interlocked.Increment(ref _heard);

    public override string ToString() => $"{act.Kind} \"{act.Text}\" of {from.OpenId} at {second}, heard {Heard} times";
}
