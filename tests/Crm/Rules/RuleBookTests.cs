using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class RuleBookTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly RuleBook book;

    public RuleBookTests() => book = new RuleBook(store.Documents, clock);

    [Fact]
    public async Task A_new_installation_starts_with_the_default_rules()
    {
        var defaults = RuleBook.Defaults();
        var rules = await book.Current(default);
        Assert.Equal(defaults["tags"].Count, rules.Tags.Count);
        Assert.Equal(defaults["replies"].Count, rules.Replies.Count);
        Assert.Equal(defaults["alerts"].Select(r => r.Id).Order(StringComparer.Ordinal), (await book.List(RuleKind.Alerts, default)).Select(r => r.Id));
        Assert.All(await book.List(RuleKind.Tags, default), rule => Assert.Equal(("default", 1), (rule.EditedBy, rule.Version)));
    }

    [Fact]
    public async Task A_default_rule_that_was_deleted_stays_deleted_also_after_a_restart()
    {
        await book.Current(default);
        Assert.True(await book.Remove(RuleKind.Tags, "price", default));
        Assert.False(await book.Remove(RuleKind.Tags, "price", default));
        Assert.DoesNotContain((await book.Current(default)).Tags, r => r.Rule.Id == "price");

        using var restarted = new RuleBook(store.Documents, clock);
        Assert.DoesNotContain((await restarted.Current(default)).Tags, r => r.Rule.Id == "price");
        Assert.Null(await restarted.Find(RuleKind.Tags, "price", default));
    }

    [Fact]
    public async Task A_rule_that_was_written_before_the_first_seeding_is_not_overwritten_by_it()
    {
        await book.Save(RuleKind.Tags, Some.Rule("price", """{"tags":["mine"]}"""), "li", default);
        var price = (await book.Current(default)).Tags.Single(r => r.Rule.Id == "price");
        Assert.Equal("mine", Assert.Single(price.Action.Tags));
    }

    [Fact]
    public async Task An_edit_elsewhere_is_in_force_after_30_seconds_and_not_before()
    {
        await book.Current(default);
        using var elsewhere = new RuleBook(store.Documents, clock);
        await elsewhere.Save(RuleKind.Tags, Some.Rule("new", """{"tags":["a"]}"""), "li", default);

        clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.DoesNotContain((await book.Current(default)).Tags, r => r.Rule.Id == "new");
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Contains((await book.Current(default)).Tags, r => r.Rule.Id == "new");
    }

    [Fact]
    public async Task An_edit_here_is_in_force_at_once()
    {
        await book.Current(default);
        await book.Save(RuleKind.Tags, Some.Rule("new", """{"tags":["a"]}"""), "li", default);
        Assert.Contains((await book.Current(default)).Tags, r => r.Rule.Id == "new");
        await book.Remove(RuleKind.Tags, "new", default);
        Assert.DoesNotContain((await book.Current(default)).Tags, r => r.Rule.Id == "new");
    }

    [Fact]
    public async Task Between_reloads_the_rules_are_the_same_object() =>
        Assert.Same(await book.Current(default), await book.Current(default));

    [Fact]
    public async Task Every_edit_is_the_next_version_whatever_version_the_editor_sends()
    {
        var first = await book.Save(RuleKind.Tags, Some.Rule("r", """{"tags":["a"]}""") with { Version = 77 }, "li", default);
        clock.Advance(TimeSpan.FromMinutes(1));
        var second = await book.Save(RuleKind.Tags, first!, "wang", default);
        Assert.Equal((1, "li", Some.Now), (first!.Version, first.EditedBy, first.EditedAt));
        Assert.Equal((2, "wang", Some.Now.AddMinutes(1)), (second!.Version, second.EditedBy, second.EditedAt));
        Assert.Equal(2, (await book.Find(RuleKind.Tags, "r", default))!.Version);
    }

    [Fact]
    public async Task Of_two_edits_at_one_moment_one_is_told_that_it_lost()
    {
        var rule = (await book.Save(RuleKind.Tags, Some.Rule("r", """{"tags":["a"]}"""), "li", default))!;
        var racing = new RacingDocuments(store.Documents);
        using var slow = new RuleBook(racing, clock);
        racing.AfterRead = async () => Assert.NotNull(await book.Save(RuleKind.Tags, rule, "wang", default));
        Assert.Null(await slow.Save(RuleKind.Tags, rule, "zhao", default));
        Assert.Equal((2, "wang"), ((await book.Find(RuleKind.Tags, "r", default))!.Version, (await book.Find(RuleKind.Tags, "r", default))!.EditedBy));

        racing.AfterRead = async () => Assert.NotNull(await book.Save(RuleKind.Tags, Some.Rule("fresh", """{"tags":["a"]}"""), "wang", default));
        Assert.Null(await slow.Save(RuleKind.Tags, Some.Rule("fresh", """{"tags":["b"]}"""), "zhao", default));
    }

    [Fact]
    public async Task No_rule_can_meet_the_books_own_mark()
    {
        // A rule called "seeded" would replace the mark that says that the defaults were written.
        await book.Current(default);
        Assert.Equal(1, (await book.Save(RuleKind.Tags, Some.Rule("seeded", """{"tags":["a"]}"""), "li", default))!.Version);
        Assert.Contains((await book.List(RuleKind.Tags, default)), r => r.Id == "seeded");
        Assert.True(await book.Remove(RuleKind.Tags, "price", default));
        Assert.True(await book.Remove(RuleKind.Tags, "seeded", default));
        foreach (var mark in new[] { "seeded", "~seeded" })
        {
            Assert.Null(await book.Find(RuleKind.Tags, mark, default));
            Assert.False(await book.Remove(RuleKind.Tags, mark, default));
        }

        Assert.DoesNotContain((await book.Current(default)).Tags, r => r.Rule.Id == "price");
    }

    [Fact]
    public async Task A_rule_without_an_end_goes_through_the_store_as_it_was()
    {
        var rule = Some.Rule("r", """{"text":"早上好 😀 \"quoted\""}""", new RuleCondition { Text = new TextCondition(Any: ["维權"]) });
        await book.Save(RuleKind.Replies, rule, "li", default);
        var read = (await book.Find(RuleKind.Replies, "r", default))!;
        Assert.Equal("维權", Assert.Single(read.When.Text!.Any!));
        Assert.Equal("早上好 😀 \"quoted\"", read.Then.GetProperty("text").GetString());
    }

    public void Dispose()
    {
        book.Dispose();
        store.Dispose();
    }
}
