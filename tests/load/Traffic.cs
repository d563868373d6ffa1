using System.Globalization;

namespace CrmServerless.Load;

/// <summary>
/// The customers of a brand and what they do: 70 % plain texts, 10 % texts that a reply rule takes (优惠), 1 % complaints
/// (维权), 9 % menu clicks, 5 % scans, 5 % location reports. Event number i belongs to customer i mod N in second i div N,
/// so no two events are the same even by FromUserName and CreateTime: a host that takes one for a duplicate loses.
/// </summary>
internal sealed class Traffic(Account account, int customers, long startsAt, string? run = null)
{
    private static readonly string[] Plain =
        ["你们几点关门", "今天的桂花乌龙很好喝", "有座位吗", "好的谢谢", "可以自带杯子吗", "少糖去冰可以吗", "下雨天配送吗", "新品什么时候上"];

    private static readonly string[] Offers = ["今天有什么优惠", "会员优惠怎么用", "优惠券领取"];
    private static readonly string[] Menu = ["MENU_OFFERS", "MENU_STORES", "MENU_MEMBER"];

    // New customers every run: a second run on the same data must not repeat the events of the first.
    private readonly string _run = run ?? (startsAt % 100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    public string Customer(long i) => OpenId(_run, i % customers);

    public static string OpenId(string run, long number) => $"oLoad{run}{number:D15}";

    /// <summary>A customer who has never been seen before.</summary>
    public string Stranger(long i) => $"oSample{_run}{i:D13}";

    /// <summary>The decrypted payload of event i, into <paramref name="buffer"/>.</summary>
    public ReadOnlySpan<byte> Payload(long i, Span<byte> buffer)
    {
        var second = startsAt + (i / customers);
        var dice = Scatter(i);
        var pick = (int)(dice >> 32);
        return (dice % 100) switch
        {
            < 70 => Text(i, Customer(i), second, Plain[pick % Plain.Length], buffer),
            < 80 => Text(i, Customer(i), second, Offers[pick % Offers.Length], buffer),
            < 81 => Text(i, Customer(i), second, Complaint, buffer),
            < 90 => Event(i, second, "CLICK", buffer, $"<EventKey><![CDATA[{Menu[pick % Menu.Length]}]]></EventKey>"),
            < 95 => Event(i, second, "SCAN", buffer, $"<EventKey><![CDATA[store-{pick % 200:D3}]]></EventKey><Ticket><![CDATA[gQH47joAAAAAAAAAASxodHRwOi8v]]></Ticket>"),
            _ => Event(i, second, "LOCATION", buffer, $"<Latitude>31.{pick % 1_000_000:D6}</Latitude><Longitude>121.473701</Longitude><Precision>40.000000</Precision>"),
        };
    }

    public const string Complaint = "我要维权，你们的茶里有头发";

    public ReadOnlySpan<byte> Text(long i, string openid, long second, string content, Span<byte> buffer)
    {
        var xml = Open(openid, second, "text", buffer);
        xml.Add("<Content><![CDATA["u8);
        xml.Add(content);
        xml.Add("]]></Content><MsgId>"u8);
        xml.Add((startsAt << 31) + i);
        xml.Add("</MsgId></xml>"u8);
        return xml.Written;
    }

    private ReadOnlySpan<byte> Event(long i, long second, string name, Span<byte> buffer, string fields)
    {
        var xml = Open(Customer(i), second, "event", buffer);
        xml.Add("<Event><![CDATA["u8);
        xml.Add(name);
        xml.Add("]]></Event>"u8);
        xml.Add(fields);
        xml.Add("</xml>"u8);
        return xml.Written;
    }

    private Rendering Open(string openid, long second, string type, Span<byte> buffer)
    {
        var xml = new Rendering(buffer);
        xml.Add("<xml><ToUserName><![CDATA["u8);
        xml.Add(account.OriginalId);
        xml.Add("]]></ToUserName><FromUserName><![CDATA["u8);
        xml.Add(openid);
        xml.Add("]]></FromUserName><CreateTime>"u8);
        xml.Add(second);
        xml.Add("</CreateTime><MsgType><![CDATA["u8);
        xml.Add(type);
        xml.Add("]]></MsgType>"u8);
        return xml;
    }

    /// <summary>SplitMix64: the same run of dice for every run, so that two measurements send the same mix.</summary>
    private static long Scatter(long i)
    {
        var z = (ulong)(i + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (long)((z ^ (z >> 31)) >> 1);
    }
}
