using System.Text.Json;
using CrmServerless.Crm.Customers;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class HandledFactTests
{
    [Theory]
    [InlineData("2026-03-02 10:00:00")]
    [InlineData("1970-01-01 08:00:00")]
    [InlineData("1969-12-31 08:00:00")]
    [InlineData("9999-12-31 23:59:59")]
    public void Its_json_comes_back_as_it_went(string at)
    {
        var handled = HandledFact.Of(Some.Text("x", Some.Shanghai(at).AddMilliseconds(123)));
        Assert.Equal(handled, JsonSerializer.Deserialize<HandledFact>(JsonSerializer.Serialize(handled)));
    }

    [Fact]
    public void The_mark_is_16_characters_of_the_hash_of_the_id_and_tells_an_answer_from_its_event()
    {
        // sha256("abc") in base32, as in IdsTests; 1772416800000 ms = 0x19cac461500
        var handled = HandledFact.Of(Some.Text("x", id: "abc"));
        Assert.Equal("\"xj4bnp4pahh6uqkb 19cac461500\"", JsonSerializer.Serialize(handled));
        Assert.NotEqual(handled.Mark, HandledFact.Of(Some.Text("x", id: "abc.customer.0.reply.0")).Mark);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"id\"")]
    [InlineData("\"id \"")]
    [InlineData("\"id xyz!\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("5")]
    public void Anything_else_is_a_fault(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<HandledFact>(json));
}
