using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// What a callback does to a customer group. WeCom does not promise to deliver; its own way to notice is that each change names the
/// membership before and after it. Rule: developer.work.weixin.qq.com/document/path/92130 (LastMemVer, CurMemVer). Pure.
/// </summary>
public static class ChatRules
{
    /// <summary>Gaps remembered; who has more of them has to read the group anyway.</summary>
    public const int MaxGaps = 5;

    public static Chat Decide(Chat? before, Envelope fact)
    {
        var received = fact.Read(CrmJson.Types.EventReceived);
        var at = received.CountedAt ?? fact.OccurredAt;
        var chat = before ?? new Chat { Key = fact.Key };
        var next = received.Kind switch
        {
            WeComKinds.ChatCreated => chat with { CreatedAt = at },
            WeComKinds.ChatDismissed => chat with { DismissedAt = at },
            WeComKinds.ChatMemberAdded => chat with { Joined = chat.Joined + (received.MemberChanges ?? 1) },
            WeComKinds.ChatMemberLeft => chat with { Left = chat.Left + (received.MemberChanges ?? 1) },
            _ => chat,
        };
        return Remember(received.CurMemVer is { } current ? Compare(next, received.LastMemVer, current, at, HandledFact.Of(fact).Mark) : next, fact);
    }

    private static Chat Compare(Chat chat, string? last, string current, DateTimeOffset at, string mark)
    {
        var late = at < chat.MemVerAt;
        var advanced = chat with { MemVer = current, MemVerAt = at };
        if (!late && (last is null || chat.MemVer is null || last == chat.MemVer)) return advanced;
        // Late, or second in its second: it may be what was missed. The versions are no numbers, so only the links of the chain tell.
        if (Fill(chat.Gaps, last, current) is { } filled) return chat with { Gaps = filled };
        if (late) return chat;
        IEnumerable<ChatGap> gaps = [.. chat.Gaps, new ChatGap(chat.MemVer!, last!, mark)];
        return advanced with { Gaps = [.. gaps.TakeLast(MaxGaps)] };
    }

    /// <summary>The gaps without the link that was missing at either end of one of them; null if it fits nowhere.</summary>
    private static List<ChatGap>? Fill(IReadOnlyList<ChatGap> gaps, string? last, string current)
    {
        for (var i = 0; i < gaps.Count; i++)
        {
            var rest = gaps[i].Expected == last ? gaps[i] with { Expected = current }
                : gaps[i].Got == current && last is not null ? gaps[i] with { Got = last }
                : null;
            if (rest is null) continue;
            return rest.Expected == rest.Got ? [.. gaps.Where(g => g != gaps[i])] : [.. gaps.Select(g => g == gaps[i] ? rest : g)];
        }

        return null;
    }

    private static Chat Remember(Chat chat, Envelope fact)
    {
        var (handled, upTo) = HandledFact.Push(chat.Handled, chat.HandledUpTo, fact);
        return chat with { Handled = handled, HandledUpTo = upTo };
    }
}
