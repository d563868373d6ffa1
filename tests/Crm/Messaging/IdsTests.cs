using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Stages;

/// <summary>
/// Expected ids come from outside: <c>printf '%s' 'text' | openssl dgst -sha256 -binary | base32 | tr A-Z a-z | cut -c1-26</c>.
/// </summary>
public sealed class IdsTests
{
    private const long MsgId = 23456789012345678;
    private const long Time = 1714112445;

    [Theory]
    [InlineData("", "4oymiquy7qobjgx36tejs35zeq")]
    [InlineData("abc", "xj4bnp4pahh6uqkbidpf3lrceo")]
    [InlineData("main|我要维权😡", "pipchggnjf3wocl44g4xibcano")]
    public void A_hash_is_the_first_26_characters_of_the_base32_of_the_sha_256(string text, string expected) =>
        Assert.Equal(expected, Ids.Hash(text));

    [Theory]
    [InlineData("main", "oUser1", Time, "2yj6t733st33mzufppxejbkp2q")]
    [InlineData("main", "oUser2", Time, "nm2woj4c2jgswpzt3knvqjcp3f")] // WxJava #333: a MsgId repeats across users
    [InlineData("shop", "oUser1", Time, "66zngarvcrkvn7eskvaoiagjmk")]
    [InlineData("main", "oUser1", Time + 1, "oieg7o62njctsxmeiz2pht62a5")]
    public void With_a_MsgId_account_sender_MsgId_and_time_count(string account, string from, long time, string expected)
    {
        Assert.Equal(expected, Ids.ForCallback(account, from, MsgId, time, "<xml>any</xml>"));
        // The payload may differ from delivery to delivery (blanks, order of elements) without being another message.
        Assert.Equal(expected, Ids.ForCallback(account, from, MsgId, time, "<xml> any </xml>"));
    }

    [Fact]
    public void Without_a_MsgId_the_plaintext_counts_with_the_account()
    {
        const string scan = "<xml><Event>SCAN</Event></xml>";
        Assert.Equal("6u7wzau2z6ya374g4tj5choc4s", Ids.ForCallback("main", "oUser1", null, Time, scan));
        Assert.NotEqual(Ids.ForCallback("main", "oUser1", null, Time, scan), Ids.ForCallback("shop", "oUser1", null, Time, scan));
    }

    [Fact]
    public void A_then_B_then_a_retry_of_A_are_two_ids()
    {
        // NeuChar compares with the last message only, so that the retry passes as a third.
        var a = Ids.ForCallback("main", "oUser1", 1, Time, "A");
        var b = Ids.ForCallback("main", "oUser1", 2, Time, "B");
        var retryOfA = Ids.ForCallback("main", "oUser1", 1, Time, "A");
        Assert.Equal(2, new HashSet<string> { a, b, retryOfA }.Count);
        Assert.Equal(a, retryOfA);
    }

    [Fact]
    public void Twenty_scans_of_one_customer_in_one_second_are_twenty_events()
    {
        var ids = Enumerable.Range(0, 20).Select(n => Ids.ForCallback("main", "oUser1", null, Time, $"<xml><EventKey>store-{n}</EventKey></xml>"));
        Assert.Equal(20, ids.Distinct().Count());
    }

    [Fact]
    public void An_id_has_26_letters_and_digits_of_base32()
    {
        foreach (var n in Enumerable.Range(0, 200))
            Assert.Matches("\\A[a-z2-7]{26}\\z", Ids.Hash(n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_child_is_named_after_its_parent_its_stage_and_its_number()
    {
        Assert.Equal("4oymiquy7qobjgx36tejs35zeq.customer.2", Ids.Child("4oymiquy7qobjgx36tejs35zeq", "customer", 2));
        var deep = Enumerable.Range(0, 20).Aggregate("4oymiquy7qobjgx36tejs35zeq", (id, _) => Ids.Child(id, "customer", 0));
        Assert.True(Keys.IsLegal(deep));
    }
}
