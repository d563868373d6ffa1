namespace CrmServerless.WeChat.Api;

/// <summary>Where WeChat's server API is and how long a call may take.</summary>
public sealed record WeChatApiOptions
{
    /// <summary>Base address of the Official Account API. A simulator may stand here, under a path too.</summary>
    public Uri OfficialAccountBase { get; init; } = new("https://api.weixin.qq.com/");

    /// <summary>Limit of one HTTP call, connecting and reading included. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
