using CrmServerless.Crm.Messaging;
using CsCheck;

namespace CrmServerless.Tests.Stages;

public sealed class KeysTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~:@|";

    [Fact]
    public void Text_of_the_alphabet_stays_as_it_is()
    {
        Assert.Equal(Alphabet, Keys.Escape(Alphabet));
        Assert.Equal("main:o9AgO5Kd5ggOC-bXrbNODIiE3bGY", Keys.Customer("main", "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"));
    }

    [Theory] // UTF-8 of the character, two hexadecimal digits a byte
    [InlineData("a b", "a=20b")]
    [InlineData("a/b", "a=2Fb")]
    [InlineData("50%", "50=25")]
    [InlineData("a=b", "a=3Db")]
    [InlineData("维", "=E7=BB=B4")]
    [InlineData("😡", "=F0=9F=98=A1")]
    [InlineData("a\0b", "a=00b")]
    public void Anything_else_is_escaped_byte_by_byte(string text, string expected) => Assert.Equal(expected, Keys.Escape(text));

    [Fact] // no theory: an attribute cannot carry half an emoji
    public void Half_an_emoji_is_the_replacement_character_and_no_exception()
    {
        Assert.Equal("a=EF=BF=BD", Keys.Escape("a\uD800"));
        Assert.Equal("=EF=BF=BDa", Keys.Escape("\uDC00a"));
    }

    [Fact]
    public void A_customer_cannot_name_himself_into_the_reserved_half()
    {
        Assert.False(Keys.HasCustomer(Keys.AccountWide("main")));
        foreach (var hostile in new[] { "~account", "~", "~~", "~chat:1", "~account " })
        {
            var key = Keys.Customer("main", hostile);
            Assert.True(Keys.HasCustomer(key), key);
            Assert.StartsWith("main:=7E", key, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Escaping_the_guarded_character_meets_no_other_customer()
    {
        var keys = new[] { "~x", "=7Ex", "=3D7Ex", "x", "=3D3D7Ex" }.Select(o => Keys.Customer("main", o));
        Assert.Equal(5, keys.Distinct().Count());
    }

    [Fact]
    public void At_121_bytes_a_key_is_cut_and_ends_in_the_hash_of_the_whole()
    {
        var at = new string('a', 120);
        Assert.Equal(at, Keys.Escape(at));
        var over = Keys.Escape(new string('a', 121));
        Assert.Equal(120, over.Length);
        Assert.Equal($"{new string('a', 93)}~{Ids.Hash(new string('a', 121))}", over);
    }

    [Fact]
    public void Long_keys_that_differ_in_the_last_character_stay_distinct_also_when_escaped()
    {
        var keys = Enumerable.Range(0, 50).Select(n => Keys.Escape(new string('维', 60) + (char)('a' + n))).ToList();
        Assert.Equal(50, keys.Distinct().Count());
        Assert.All(keys, key => Assert.True(Keys.IsLegal(key)));
    }

    [Fact]
    public void Escaping_twice_changes_escaped_text_so_nothing_may_do_it()
    {
        Assert.Equal("a=20b", Keys.Escape("a b"));
        Assert.Equal("a=3D20b", Keys.Escape("a=20b")); // injective: "a=20b" is another name than "a b"
        Assert.Equal("ab", Keys.Escape(Keys.Escape("ab")));
    }

    [Fact]
    public void Whatever_comes_in_a_legal_key_comes_out() =>
        Gen.String.Sample(text => Keys.IsLegal(Keys.Escape(text)) && Keys.IsLegal(Keys.Customer("main", text)));

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("a=20b", true)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("维", false)]
    [InlineData("a\n", false)]
    public void Legal_is_the_alphabet_and_the_escape(string text, bool legal) => Assert.Equal(legal, Keys.IsLegal(text));

    [Theory]
    [InlineData("main:oUser", "main", "oUser", true)]
    [InlineData("main:o:User", "main", "o:User", true)]
    [InlineData("main:~account", "main", "~account", false)]
    [InlineData("main:", "main", "", false)]
    [InlineData("main", "main", "main", false)]
    public void A_key_is_read_back(string key, string account, string openId, bool customer)
    {
        Assert.Equal(account, Keys.Account(key));
        Assert.Equal(openId, Keys.OpenId(key));
        Assert.Equal(customer, Keys.HasCustomer(key));
    }
}
