namespace CrmServerless.Load;

/// <summary>Something that a customer does, and what has to follow from it by the rules that a new host starts with.</summary>
/// <param name="Kind">The normalised kind.</param>
/// <param name="Xml">MsgType and the fields of its own.</param>
internal sealed record Act(string Kind, string Xml)
{
    public string? Text { get; init; }

    /// <summary>The tag that it gives to who has it not yet.</summary>
    public string? Tag { get; init; }

    /// <summary>The rule that answers it.</summary>
    public string? Rule { get; init; }

    public bool Alerts { get; init; }

    public bool IsMessage => Kind.StartsWith("oa.message.", StringComparison.Ordinal);

    public bool IsFollow => Kind == "oa.subscribe";

    public bool IsUnfollow => Kind == "oa.unsubscribe";

    /// <summary>Its answer has less than a minute, unless the customer has written before.</summary>
    public bool Hurries => Kind is "oa.subscribe" or "oa.scan" or "oa.menu.click";

    public const string ChattyTag = "高互动";
    public const int ChattyFrom = 3;

    public static IReadOnlyList<Act> Follows { get; } =
    [
        Event("subscribe", "oa.subscribe", "qrscene_store-042") with { Tag = "门店客户", Rule = "welcome-store" },
        Event("subscribe", "oa.subscribe", "") with { Rule = "welcome" },
    ];

    public static Act Unfollow { get; } = Event("unsubscribe", "oa.unsubscribe", "");

    /// <summary>What a follower does, in parts of a hundred.</summary>
    public static IReadOnlyList<(int Share, Act[] Acts)> Repertoire { get; } =
    [
        (30, [Says("你们几点关门"), Says("今天的桂花乌龙很好喝"), Says("有座位吗"), Says("好的谢谢"), Says("少糖去冰可以吗")]),
        (13, [Says("价格是多少") with { Tag = "价格敏感" }, Says("请问大杯多少钱") with { Tag = "价格敏感" }]),
        (15, [Says("今天有什么优惠") with { Tag = "价格敏感", Rule = "keyword-offers" }, Says("优惠券领取") with { Tag = "价格敏感", Rule = "keyword-offers" }]),
        (3, [Says("我要维权") with { Tag = "投诉风险", Rule = "comfort", Alerts = true }, Says("你们等着，我维 * 权") with { Tag = "投诉风险", Rule = "comfort", Alerts = true }]),
        (8, [Event("CLICK", "oa.menu.click", "MENU_OFFERS") with { Tag = "关注优惠", Rule = "menu-offers" }]),
        (5, [Event("CLICK", "oa.menu.click", "MENU_MEMBER")]),
        (10, [Event("SCAN", "oa.scan", "store-042", "<Ticket><![CDATA[ticket]]></Ticket>") with { Tag = "门店客户", Rule = "scan-store" }]),
        (6, [new("oa.message.location", "<MsgType><![CDATA[location]]></MsgType><Location_X>31.230400</Location_X><Location_Y>121.473700</Location_Y><Scale>15</Scale><Label><![CDATA[上海市黄浦区]]></Label>") { Text = "上海市黄浦区", Rule = "near-square" }]),
        (6, [new("oa.location_report", "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[LOCATION]]></Event><Latitude>31.230400</Latitude><Longitude>121.473700</Longitude><Precision>30.000000</Precision>")]),
        (4, [Unfollow]),
    ];

    private static Act Says(string text) =>
        new("oa.message.text", $"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>") { Text = text };

    private static Act Event(string name, string kind, string key, string more = "") =>
        new(kind, $"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event><EventKey><![CDATA[{key}]]></EventKey>{more}");
}
