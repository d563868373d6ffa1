namespace CrmServerless.WeChat.Replies;

/// <summary>The console's 数据格式: an answer has the form of the callback.</summary>
public enum ReplyFormat
{
    /// <summary>The usual one, and WeCom's only one.</summary>
    Xml,

    /// <summary>The choice that the Official Account's newer console offers.</summary>
    Json,
}
