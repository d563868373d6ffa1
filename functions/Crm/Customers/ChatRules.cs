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
    /// <summary>Gaps and loose changes remembered, of each; who has more of them has to read the group anyway.</summary>
    public const int MaxGaps = 5;

    private const int MaxMembers = 500; // of a customer group

    public static Chat Decide(Chat? before, Envelope fact)
    {
        var received = fact.Read(CrmJson.Types.EventReceived);
        var at = received.CountedAt ?? fact.OccurredAt;
        var chat = before ?? new Chat { Key = fact.Key };
        var next = received.Kind switch
        {
            WeComKinds.ChatCreated => chat with { CreatedAt = at },
            WeComKinds.ChatDismissed => chat with { DismissedAt = at },
            WeComKinds.ChatMemberAdded => chat with { Joined = chat.Joined + Members(received) },
            WeComKinds.ChatMemberLeft => chat with { Left = chat.Left + Members(received) },
            _ => chat,
        };
        return Remember(CustomerRules.Short(received.CurMemVer) is { } current
            ? Compare(next, CustomerRules.Short(received.LastMemVer), current, at, HandledFact.Of(fact).Mark)
            : next, fact);
    }

    private static long Members(EventReceived received) => Math.Min(received.MemberChanges ?? 1, MaxMembers);

    private static Chat Compare(Chat chat, string? last, string current, DateTimeOffset at, string mark)
    {
        if (!(at < chat.MemVerAt) && (last is null || chat.MemVer is null || last == chat.MemVer)) return Settle(chat with { MemVer = current, MemVerAt = at });
        if (last is null) return chat;
        // Late, or overtaken within its second: it may be what was missed. The versions are no numbers, so only the chain tells.
        var link = new ChatLink(last, current);
        if (Fill(chat, link) is { } filled) return Settle(filled);
        if (chat.Gaps.Count > 0 && at <= chat.MemVerAt) return chat with { Loose = [.. chat.Loose.Append(link).TakeLast(MaxGaps)] };
        if (at < chat.MemVerAt) return chat;
        return Settle(chat with { MemVer = current, MemVerAt = at, Gaps = [.. chat.Gaps.Append(new ChatGap(chat.MemVer!, last, mark)).TakeLast(MaxGaps)] });
    }

    /// <summary>The group with a missing change put at an end of its gap; null if it touches none.</summary>
    private static Chat? Fill(Chat chat, ChatLink link)
    {
        foreach (var gap in chat.Gaps)
        {
            var rest = gap.Expected == link.Last ? gap with { Expected = link.Current } : gap.Got == link.Current ? gap with { Got = link.Last } : null;
            if (rest is not null) return chat with { Gaps = [.. chat.Gaps.Select(g => g == gap ? rest : g).Where(g => g.Expected != g.Got)] };
        }

        return null;
    }

    /// <summary>Puts loose changes where they fit by now: in a gap, or at the end.</summary>
    private static Chat Settle(Chat chat)
    {
        foreach (var link in chat.Loose)
        {
            var next = link.Last == chat.MemVer ? chat with { MemVer = link.Current } : Fill(chat, link);
            if (next is not null) return Settle(next with { Loose = [.. chat.Loose.Where(l => l != link)] });
        }

        return chat;
    }

    private static Chat Remember(Chat chat, Envelope fact)
    {
        var (handled, upTo) = HandledFact.Push(chat.Handled, chat.HandledUpTo, fact);
        return chat with { Handled = handled, HandledUpTo = upTo };
    }
}
