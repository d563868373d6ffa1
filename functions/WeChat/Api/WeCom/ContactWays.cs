namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>What can be set of a contact way, when it is made and later.</summary>
public abstract record ContactWaySettings : WeComRequest
{
    /// <summary>Colleagues, at most 100 with those of the departments; exactly 1 for type 1.</summary>
    public IReadOnlyList<string>? User { get; init; }

    /// <summary>Departments; type 2 only.</summary>
    public IReadOnlyList<int>? Party { get; init; }

    /// <summary>For colleagues; at most 30 characters.</summary>
    public string? Remark { get; init; }

    /// <summary>True where not set: customers are added without a question.</summary>
    public bool? SkipVerify { get; init; }

    /// <summary>Comes back in the event and in the customer's <see cref="Following.State"/>; at most 30 characters.</summary>
    public string? State { get; init; }

    /// <summary>Of the button in a mini program.</summary>
    public int? Style { get; init; }

    /// <summary>Seconds that a temporary code lives: at most 14 days, 7 where not set.</summary>
    public int? ExpiresIn { get; init; }

    /// <summary>Seconds that a temporary chat lives: at most 14 days, 1 where not set.</summary>
    public int? ChatExpiresIn { get; init; }

    /// <summary>The only customer who may use a temporary code.</summary>
    public string? Unionid { get; init; }

    /// <summary>One customer is added by one colleague only.</summary>
    public bool? IsExclusive { get; init; }

    /// <summary>Mark where the customer came from in his profile.</summary>
    public bool? MarkSource { get; init; }

    /// <summary>Sent at the end of a temporary chat.</summary>
    public Conclusions? Conclusions { get; init; }

    internal override void Check()
    {
        const long TwoWeeks = 14 * 24 * 60 * 60;
        WeComLimits.Count(User, 100, "user");
        WeComLimits.Characters(Remark, 30, "remark");
        WeComLimits.Characters(State, 30, "state");
        WeComLimits.Between(ExpiresIn, 1, TwoWeeks, "expires_in");
        WeComLimits.Between(ChatExpiresIn, 1, TwoWeeks, "chat_expires_in");
        Conclusions?.Check();
    }
}

/// <param name="Type">1: one colleague. 2: several.</param>
/// <param name="Scene">1: a button in a mini program. 2: a QR code.</param>
public sealed record AddContactWayRequest(int Type, int Scene) : ContactWaySettings
{
    /// <summary>For a chat that ends by itself; of one colleague only.</summary>
    public bool? IsTemp { get; init; }

    internal override void Check()
    {
        base.Check();
        WeComLimits.Between(Type, 1, 2, "type");
        WeComLimits.Between(Scene, 1, 2, "scene");
        WeComLimits.Rule(Type == 2 || (User?.Count == 1 && Party is not { Count: > 0 }), "WeCom takes exactly 1 user, and no party, for type 1.", "user");
        WeComLimits.Rule(Type == 1 || User is { Count: > 0 } || Party is { Count: > 0 }, "WeCom needs a user or a party for type 2.", "user");
        WeComLimits.Rule(IsTemp != true || Type == 1, "WeCom takes type 1 only where is_temp is set.", "is_temp");
        WeComLimits.Rule(
            IsTemp == true || (ExpiresIn is null && ChatExpiresIn is null && Unionid is null && Conclusions is null),
            "WeCom takes expires_in, chat_expires_in, unionid and conclusions only where is_temp is set.", "is_temp");
    }
}

/// <summary>What is null stays.</summary>
public sealed record UpdateContactWayRequest(string ConfigId) : ContactWaySettings;

internal sealed record ContactWayId(string ConfigId) : WeComRequest;

internal sealed record CloseTempChatRequest(string Userid, string ExternalUserid) : WeComRequest;

/// <summary>A text, and one of the other three.</summary>
public sealed record Conclusions(
    TextContent? Text = null, ImageAttachment? Image = null, LinkAttachment? Link = null, MiniprogramAttachment? Miniprogram = null) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Bytes(Text?.Content, 4000, "conclusions.text.content");
        // More are no error to WeCom, which would send the first only.
        var others = (Image is null ? 0 : 1) + (Link is null ? 0 : 1) + (Miniprogram is null ? 0 : 1);
        WeComLimits.Rule(others <= 1, "WeCom takes 1 of image, link and miniprogram in conclusions.", "conclusions");
        WeComLimits.Rule(others > 0 || Text is not null, "WeCom needs something in conclusions.", "conclusions");
        Link?.Check();
        Miniprogram?.Check();
    }
}

/// <summary>A new contact way.</summary>
public sealed record NewContactWay : WireRecord
{
    public required string ConfigId { get; init; }

    /// <summary>The picture's address, of scene 2.</summary>
    public string? QrCode { get; init; }
}

/// <param name="ContactWay">The contact way.</param>
public sealed record ContactWayDetail(ContactWay ContactWay) : WireRecord;

/// <summary>A contact way as it is.</summary>
public sealed record ContactWay : WireRecord
{
    public required string ConfigId { get; init; }

    /// <summary>1: one colleague. 2: several.</summary>
    public int Type { get; init; }

    /// <summary>1: a button in a mini program. 2: a QR code.</summary>
    public int Scene { get; init; }

    public int Style { get; init; }

    public string? Remark { get; init; }

    public bool SkipVerify { get; init; }

    public string? State { get; init; }

    public string? QrCode { get; init; }

    public IReadOnlyList<string> User { get => field ?? []; init; }

    public IReadOnlyList<int> Party { get => field ?? []; init; }

    public bool IsTemp { get; init; }

    /// <summary>Seconds.</summary>
    public int ExpiresIn { get; init; }

    /// <summary>Seconds.</summary>
    public int ChatExpiresIn { get; init; }

    public string? Unionid { get; init; }

    public bool IsExclusive { get; init; }

    public bool MarkSource { get; init; }

    public Conclusions? Conclusions { get; init; }
}

/// <param name="StartTime">Made since; 90 days ago where not set.</param>
/// <param name="EndTime">Made until; now where not set.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
/// <param name="Limit">1 to 1000.</param>
public sealed record ListContactWayRequest(DateTimeOffset? StartTime = null, DateTimeOffset? EndTime = null, string? Cursor = null, int Limit = 1000) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 1000, "limit");
}

/// <summary>A page of contact ways: their ids only.</summary>
public sealed record ContactWayList : WireRecord
{
    public IReadOnlyList<ContactWayRef> ContactWay { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="ConfigId">For <c>get_contact_way</c>.</param>
public sealed record ContactWayRef(string ConfigId) : WireRecord;
