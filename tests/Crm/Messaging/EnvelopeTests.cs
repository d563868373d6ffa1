using System.Text;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class EnvelopeTests
{
    private const string Least =
        """{"id":"a","subject":"EventReceived","key":"main:o","kind":"oa.scan","occurredAt":"2026-03-02T02:00:00+00:00","publishedAt":"2026-03-02T02:00:01+00:00","root":"a","data":{}}""";

    [Fact]
    public void An_envelope_comes_back_as_it_went()
    {
        var sent = Some.Text("我要维权 😡") with
        {
            CausationId = "cause", Root = "root", Origin = Origins.Replay, Depth = 3, Only = "alert", Resume = true,
            NotBefore = Some.Now.AddMinutes(1), Deadline = Some.Now.AddMinutes(2),
        };
        Assert.True(Envelope.TryRead(sent.ToUtf8Bytes(), out var read));
        Assert.Equal(sent with { Data = default }, read! with { Data = default });
        Assert.Equal(sent.Data.GetRawText(), read.Data.GetRawText());
        Assert.Equal(sent.ToUtf8Bytes(), read.ToUtf8Bytes());
    }

    [Fact]
    public void Chinese_stays_readable_and_what_is_absent_is_left_out()
    {
        var json = Encoding.UTF8.GetString(Some.Text("我要维权").ToUtf8Bytes());
        Assert.Contains("我要维权", json, StringComparison.Ordinal);
        foreach (var absent in new[] { "null", "notBefore", "deadline", "causationId", "only\"", "account" })
            Assert.DoesNotContain(absent, json, StringComparison.Ordinal);
    }

    [Fact]
    public void An_envelope_of_an_older_version_gets_the_defaults()
    {
        Assert.True(Envelope.TryRead(Encoding.UTF8.GetBytes(Least), out var read));
        Assert.Equal((Origins.Live, 0, false, null, "main"), (read!.Origin, read.Depth, read.Resume, read.Only, read.Account));
    }

    [Fact]
    public void Fields_of_a_newer_version_are_no_fault()
    {
        var newer = Least.Replace("\"root\"", "\"colour\":{\"deep\":[1,2]},\"root\"", StringComparison.Ordinal);
        Assert.True(Envelope.TryRead(Encoding.UTF8.GetBytes(newer), out var read));
        Assert.Equal("a", read!.Root);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"id\":\"a\"")]
    public void Bytes_that_are_no_envelope_are_false(string text) => Assert.False(Envelope.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("id")]
    [InlineData("subject")]
    [InlineData("key")]
    [InlineData("kind")]
    [InlineData("occurredAt")]
    [InlineData("publishedAt")]
    [InlineData("root")]
    [InlineData("data")]
    public void What_every_envelope_needs_is_needed(string property)
    {
        var without = Least.Replace($"\"{property}\"", "\"other\"", StringComparison.Ordinal);
        Assert.False(Envelope.TryRead(Encoding.UTF8.GetBytes(without), out _));
    }

    [Theory] // a null would pass as an envelope and then fail in whatever stage touches it first
    [InlineData("\"key\":\"main:o\"", "\"key\":null")]
    [InlineData("\"subject\":\"EventReceived\"", "\"subject\":null")]
    [InlineData("\"root\":\"a\"", "\"root\":null")]
    public void A_null_where_a_text_must_be_is_no_envelope(string good, string bad) =>
        Assert.False(Envelope.TryRead(Encoding.UTF8.GetBytes(Least.Replace(good, bad, StringComparison.Ordinal)), out _));

    [Fact]
    public void Bytes_that_are_not_utf_8_are_false() => Assert.False(Envelope.TryRead([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D], out _));

    [Fact]
    public void Printed_by_accident_it_says_nothing_of_the_customer()
    {
        var fact = Some.Text("我要维权");
        Assert.Equal("EventReceived " + fact.Id, fact.ToString());
        Assert.Equal("oa.message.text", fact.Read(CrmJson.Types.EventReceived).ToString());
    }

    [Fact]
    public void A_child_inherits_key_root_origin_and_time_and_a_rule_makes_it_deeper()
    {
        var cause = Some.Text("hi") with { Origin = Origins.Import, Depth = 2, Root = "root" };
        var later = Some.Now.AddHours(1);
        var child = cause.Child("customer", 1, Subjects.CustomerTagged, Some.Json("{}"), later, byRule: true);
        Assert.Equal(($"{cause.Id}.customer.1", cause.Key, cause.Kind, "root", Origins.Import, cause.Id, 3),
            (child.Id, child.Key, child.Kind, child.Root, child.Origin, child.CausationId, child.Depth));
        Assert.Equal((cause.OccurredAt, later), (child.OccurredAt, child.PublishedAt));
        Assert.Equal(2, cause.Child("customer", 0, Subjects.CustomerChanged, Some.Json("{}"), later, byRule: false).Depth);
    }
}
