using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.Stages;

public sealed class ChatRulesTests
{
    // A change is its second, the membership before it and after it: "1ab" is a to b in second 1.
    [Theory]
    [InlineData("1ab", "b", "")] // the first that we see: nothing to compare with
    [InlineData("1ab 2bc 3cd", "d", "")]
    [InlineData("1ab 1bc 1cd", "d", "")] // in one second
    [InlineData("1ab 3cd", "d", "b-c")] // one was lost
    [InlineData("1ab 3cd 5ef", "f", "b-c d-e")]
    [InlineData("1ab 3cd 4de", "e", "b-c")] // and it goes on
    [InlineData("1ab 3cd 2bc", "d", "")] // not lost, only late
    [InlineData("1ab 4de 2bc 3cd", "e", "")]
    [InlineData("1ab 4de 3cd 2bc", "e", "")] // late and the last first
    [InlineData("1ab 4de 3cd", "e", "b-c")] // one of two came
    [InlineData("1ab 2cd 2bc", "d", "")] // overtaken within one second
    [InlineData("1ab 2de 2cd 2bc", "e", "")]
    [InlineData("5bc 1ab", "c", "")] // older than what we know, and nothing is missing
    [InlineData("1ab 2ba 3ab", "b", "")] // somebody joins, leaves and joins
    [InlineData("1ab 3ab", "b", "b-a")] // he left in between
    [InlineData("1ab 2bb", "b", "")] // a new name changes no member
    public void A_change_that_was_missed_shows(string changes, string version, string gaps)
    {
        var chat = After(changes.Split(' '));
        Assert.Equal((version, gaps), (chat.MemVer, string.Join(' ', chat.Gaps.Select(g => $"{g.Expected}-{g.Got}"))));
    }

    [Theory] // each in its own second, or all in one
    [InlineData("2bc 3cd 4de 5ef 6fg")]
    [InlineData("1bc 1cd 1de 1ef 1fg")]
    public void Whatever_order_changes_arrive_in_nothing_is_missing_when_all_have(string changes)
    {
        foreach (var order in Permutations(changes.Split(' ')))
        {
            var chat = After(["1ab", .. order]);
            Assert.True(chat is { MemVer: "g", Gaps.Count: 0, Loose.Count: 0 }, $"{string.Join(' ', order)}: {chat.MemVer} {string.Join(' ', chat.Gaps)}");
        }
    }

    [Fact]
    public void A_gap_names_the_fact_that_showed_it()
    {
        var change = Change("3cd");
        var chat = ChatRules.Decide(After(["1ab"]), change);
        Assert.Equal([new ChatGap("b", "c", HandledFact.Of(change).Mark)], chat.Gaps);
    }

    [Fact]
    public void Without_versions_nothing_is_compared()
    {
        var created = ChatRules.Decide(null, Some.Event(WeComKinds.ChatCreated, At(1)));
        Assert.Equal((At(1), null, 0), (created.CreatedAt, created.MemVer, created.Gaps.Count));
        var dismissed = ChatRules.Decide(After(["1ab"]), Some.Event(WeComKinds.ChatDismissed, At(9)));
        Assert.Equal((At(9), "b", 0), (dismissed.DismissedAt, dismissed.MemVer, dismissed.Gaps.Count));
        // A version without the one before it cannot show a gap; the next one is compared with it.
        var half = ChatRules.Decide(After(["1ab"]), Some.Event(WeComKinds.ChatRenamed, At(2), e => e with { CurMemVer = "x" }));
        Assert.Equal(("x", 0), (half.MemVer, half.Gaps.Count));
    }

    [Fact]
    public void Members_are_counted_as_they_come_and_go()
    {
        var joined = ChatRules.Decide(null, Some.Event(WeComKinds.ChatMemberAdded, At(1), e => e with { MemberChanges = 3 }));
        var left = ChatRules.Decide(joined, Some.Event(WeComKinds.ChatMemberLeft, At(2)));
        Assert.Equal((3, 1), (left.Joined, left.Left));
    }

    [Fact]
    public void The_document_stays_small_however_much_is_lost()
    {
        Chat? chat = null;
        for (var n = 0; n < 300; n++)
        {
            var (last, current) = (Ids.Hash($"{n}") + "abcdef", Ids.Hash($"after {n}") + "abcdef");
            chat = ChatRules.Decide(chat, Some.Event(WeComKinds.ChatMemberAdded, At(n), e => e with { LastMemVer = last, CurMemVer = current, MemberChanges = 1 }));
        }

        Assert.Equal((ChatRules.MaxGaps, HandledFact.Kept), (chat!.Gaps.Count, chat.Handled.Count));
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(chat, CrmJson.Types.Chat).Length, 1, 8 * 1024);
    }

    private static DateTimeOffset At(int second) => Some.Now.AddSeconds(second);

    private static Envelope Change(string code) => Some.Event(WeComKinds.ChatMemberAdded, At(int.Parse(code[..1], CultureInfo.InvariantCulture)),
        e => e with { LastMemVer = code[1..2], CurMemVer = code[2..3], MemberChanges = 1 });

    private static IEnumerable<List<string>> Permutations(string[] items) =>
        items.Length == 1 ? [[.. items]]
            : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => new List<string>([item, .. rest])));

    private static Chat After(IEnumerable<string> codes) => codes.Aggregate((Chat?)null, (chat, code) => ChatRules.Decide(chat, Change(code)))!;
}
