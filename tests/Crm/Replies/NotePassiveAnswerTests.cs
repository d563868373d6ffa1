using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

/// <summary>The stage <c>reply</c> and an event that was answered in the response already.</summary>
public sealed class NotePassiveAnswerTests
{
    private static readonly (string, Rule) Eager = (RuleKind.Replies, Some.Rule("eager", """{"text":"再答一次"}"""));

    [Fact]
    public async Task It_is_noted_and_nothing_is_sent_also_long_after_the_window_has_closed()
    {
        await using var world = new World(Eager);
        var worker = world.Hire();
        var click = world.Received(Xml.Event("oUser1", "CLICK", world.Clock.GetUtcNow(), "MENU_OFFERS"));
        var answered = click.Data.Deserialize(CrmJson.Types.EventReceived)! with { Passive = new PassiveAnswer("offers", 3, "text", "第二杯半价") };
        await worker.Publish(click with { Data = JsonSerializer.SerializeToElement(answered, CrmJson.Types.EventReceived) });
        await world.Advance(TimeSpan.FromHours(3)); // the stages were down
        await worker.Drain();

        Assert.Empty(world.Phone.Arrived);
        var file = (await world.Customer("oUser1"))!;
        Assert.Equal(1, file.Out["sent"]);
        Assert.Empty(file.Window.Slots);
        var note = Assert.Single(await world.Timeline("oUser1"), e => e.Kind == "reply.sent");
        Assert.Equal(("第二杯半价", click.OccurredAt), (note.Text, note.OccurredAt));
    }

    [Fact]
    public async Task However_often_it_is_delivered_it_counts_once()
    {
        await using var world = new World(Eager);
        var worker = world.Hire();
        var text = world.Text("oUser1", "在吗");
        var answered = text.Data.Deserialize(CrmJson.Types.EventReceived)! with { Passive = new PassiveAnswer("hello", 1, "text", "您好") };
        text = text with { Data = JsonSerializer.SerializeToElement(answered, CrmJson.Types.EventReceived) };
        await worker.Publish(text);
        await worker.Drain();
        await worker.Run("customer", text, 2);
        await worker.Drain();
        Assert.Equal(1, (await world.Customer("oUser1"))!.Out["sent"]);
        Assert.Empty(world.Phone.Arrived);
    }
}
