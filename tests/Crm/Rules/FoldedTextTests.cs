using CrmServerless.Crm.Rules;
using CsCheck;

namespace CrmServerless.Tests.Stages;

/// <summary>
/// What counts as "the word occurs". Decided: separators hide a word of Chinese but a word of Latin letters or digits
/// stands alone and is not spread over spaces, so that "is bad" is not "sb", "1315" and "3 1 5" are not "315"
/// (a customer who writes "3 1 5" more likely gives three numbers); "3-1-5" and "3*1*5" are hidden on purpose and hit.
/// </summary>
public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("我要维权")]
    [InlineData("我要维*权")]
    [InlineData("我要维 权")]
    [InlineData("我要维\u3000权")]
    [InlineData("我要维\u200B权")]
    [InlineData("我要维\u200C权")]
    [InlineData("我要维\u200D权")]
    [InlineData("我要维\uFEFF权")]
    [InlineData("我要维\u2060权")]
    [InlineData("我要维\u00AD权")]
    [InlineData("我要维\uFE0F权")]
    [InlineData("我要维·权")]
    [InlineData("我要维・权")]
    [InlineData("我要维-权")]
    [InlineData("我要维—权")]
    [InlineData("我要维＊权")]
    [InlineData("我要维（权")]
    [InlineData("我要维.权")]
    [InlineData("我要维【】权")]
    [InlineData("我要“维”“权”")]
    [InlineData("我要维😡权")]
    [InlineData("我要维👩‍👩‍👧权")]
    [InlineData("我要维______权")]
    public void Separators_do_not_hide_a_word(string text) => Assert.True(Has(text, "维权"));

    [Theory]
    [InlineData("我要维。权利")]
    [InlineData("我要维，权利")]
    [InlineData("我要维！权利")]
    [InlineData("我要维？权利")]
    [InlineData("我要维、权利")]
    [InlineData("我要维；权利")]
    [InlineData("我要维：权利")]
    [InlineData("我要维!权利")]
    [InlineData("我要维,权利")]
    [InlineData("我要维\n权利")]
    [InlineData("我要维\r\n权利")]
    [InlineData("我要维护权利")]
    [InlineData("权维")]
    [InlineData("")]
    [InlineData("维_______权")]
    public void A_word_does_not_reach_over_the_end_of_a_sentence_or_over_other_letters(string text) => Assert.False(Has(text, "维权"));

    [Fact]
    public void Six_separators_between_two_characters_are_the_limit_wherever_they_stand()
    {
        Assert.True(Has("消______费______者______协会", "消费者协会"));
        Assert.False(Has("消_______费者协会", "消费者协会"));
        Assert.True(Has("消_______费者协会，消费者协会", "消费者协会")); // the second one stands
    }

    [Fact]
    public void What_nobody_sees_does_not_count_as_a_separator()
    {
        var many = new string('\u200B', 50);
        Assert.True(Has($"维{many}权", "维权"));
        Assert.True(Has($"维_{many}_\uFE0F_权", "维权"));
    }

    [Theory]
    [InlineData("ＡＢＣ", "abc")]
    [InlineData("AbC", "abc")]
    [InlineData("ⓐⓑⓒ", "abc")]
    [InlineData("𝐚𝐛𝐜", "abc")]
    [InlineData("③①⑤", "315")]
    [InlineData("３１５", "315")]
    [InlineData("a\u0301b\u0336c", "abc")]
    [InlineData("ÁB̶C", "abc")]
    [InlineData("アイウ", "ｱｲｳ")]
    [InlineData("ｱｲｳ", "アイウ")]
    [InlineData("ｶﾞｷﾞﾊﾟ", "ガギパ")]
    [InlineData("ガギパ", "ｶﾞｷﾞﾊﾟ")]
    [InlineData("한국", "한국")]
    [InlineData("ПРИВЕТ", "привет")]
    public void Width_case_and_decoration_do_not_matter(string text, string word) => Assert.True(Has(text, word));

    [Theory]
    [InlineData("カ", "ガ")]
    [InlineData("ガ", "カ")]
    [InlineData("각", "가")]
    public void Letters_that_only_look_alike_stay_apart(string text, string word) => Assert.False(Has(text, word));

    [Theory]
    [InlineData("this is bad", "sb")]
    [InlineData("absb", "sb")]
    [InlineData("sbs", "sb")]
    [InlineData("1315", "315")]
    [InlineData("3150", "315")]
    [InlineData("12315", "315")]
    [InlineData("3 1 5", "315")]
    [InlineData("3\u00A01\u00A05", "315")]
    [InlineData("3\u20021\u20025", "315")]
    [InlineData("3\t1\t5", "315")]
    [InlineData("３　１　５", "315")]
    [InlineData("s b", "sb")]
    [InlineData("s * b", "sb")]
    [InlineData("ﬃ", "fi")]
    [InlineData("③①⑮", "315")]
    [InlineData("⑮", "5")]
    public void A_Latin_word_stands_alone(string text, string word) => Assert.False(Has(text, word));

    [Theory]
    [InlineData("sb", "sb")]
    [InlineData("你是SB吗", "sb")]
    [InlineData("s*b", "sb")]
    [InlineData("s.b.", "sb")]
    [InlineData("打315投诉", "315")]
    [InlineData("3-1-5", "315")]
    [InlineData("call 315 now", "315")]
    [InlineData("absb, sb", "sb")]
    [InlineData("I SAID THANK  YOU", "thank you")]
    [InlineData("thank you", "Thank You")]
    [InlineData("给我 VIP 价格", "VIP 价格")]
    [InlineData("给我VIP价格", "VIP 价格")]
    public void A_Latin_word_that_stands_alone_is_found(string text, string word) => Assert.True(Has(text, word));

    [Theory]
    [InlineData("thankyou", "thank you")]
    [InlineData("thank you", "thankyou")]
    public void The_space_between_two_Latin_words_is_part_of_them(string text, string word) => Assert.False(Has(text, word));

    [Theory] // text, word, where in the original
    [InlineData("我要维权", "维权", "维权", 2)]
    [InlineData("我要维*权!", "维权", "维*权", 2)]
    [InlineData("😡我要维权", "维权", "维权", 4)]
    [InlineData("😡我要维😡权😡", "维权", "维😡权", 4)]
    [InlineData("ａ 退ｋｕǎ n", "退kua", "退ｋｕǎ", 2)]
    [InlineData("x㈱y", "株", "㈱", 1)]
    [InlineData("给𠮷野家差评", "𠮷野家", "𠮷野家", 1)]
    [InlineData("𝐒𝐁", "sb", "𝐒𝐁", 0)]
    public void A_hit_is_shown_as_the_customer_wrote_it(string text, string word, string shown, int at)
    {
        var range = FoldedText.Of(text).Find(FoldedText.Word(word))!.Value;
        var (start, length) = range.GetOffsetAndLength(text.Length);
        Assert.Equal((at, shown), (start, text.Substring(start, length)));
    }

    [Theory]
    [InlineData("ｶﾞ", "ガ")]
    [InlineData("x ｶﾞ", "ガ")]
    public void A_voiced_mark_of_its_own_belongs_to_the_hit(string text, string word)
    {
        var (start, length) = FoldedText.Of(text).Find(FoldedText.Word(word))!.Value.GetOffsetAndLength(text.Length);
        Assert.Equal("ｶﾞ", text.Substring(start, length));
    }

    [Theory]
    [InlineData("***")]
    [InlineData("😡")]
    [InlineData(" ")]
    [InlineData("")]
    public void A_word_without_a_letter_folds_to_nothing_and_is_never_found(string word)
    {
        Assert.Equal("", FoldedText.Word(word));
        Assert.Null(FoldedText.Of("a 😡 *** b").Find(FoldedText.Word(word)));
    }

    [Fact]
    public void Half_an_emoji_is_no_exception_and_no_separator_of_more_than_one()
    {
        Assert.True(Has("维\uD83D权", "维权"));
        Assert.True(Has("\uDE21维权\uD83D", "维权"));
    }

    [Fact]
    public void Any_text_folds_and_every_hit_lies_inside_it() =>
        Gen.Select(Gen.String, Gen.String).Sample((text, word) =>
        {
            var range = FoldedText.Of(text + word + text).Find(FoldedText.Word(word));
            return range is not { } r || (r.Start.Value >= 0 && r.End.Value <= (text.Length * 2) + word.Length && r.Start.Value < r.End.Value);
        });

    private static bool Has(string text, string word) => FoldedText.Of(text).Contains(FoldedText.Word(word));
}
