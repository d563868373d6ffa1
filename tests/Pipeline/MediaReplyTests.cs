using System.Text.Json;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>A picture as an answer: uploaded when it is needed, once, and again before WeChat forgets it.</summary>
public sealed class MediaReplyTests : WorldTests
{
    private const string Customer = "oMedia";

    private static (string, Rule) Picture(string asset) =>
        (RuleKind.Replies, new Rule { Id = "picture", When = new() { Text = new(Exact: ["茶单"]) }, Then = JsonSerializer.SerializeToElement(new { image = new { asset } }) });

    [Fact]
    public async Task It_is_uploaded_once_for_all_who_ask_and_again_before_it_expires()
    {
        await using var world = await Begin(Picture("tea-menu"));
        var worker = world.Hire();
        await Ask(world, worker);
        await Ask(world, worker);
        Assert.Equal((1, 2), (world.Phone.Uploads, world.Phone.Arrived.Count));
        await world.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(30)); // an hour before its end it is too late to begin
        await Ask(world, world.Hire()); // another process knows of the upload too
        Assert.Equal([(Customer, "image media1"), (Customer, "image media1"), (Customer, "image media2")], world.Phone.Arrived);
    }

    [Fact]
    public async Task One_that_WeChat_has_forgotten_is_uploaded_again_and_the_answer_sent_once()
    {
        await using var world = await Begin(Picture("tea-menu"));
        var worker = world.Hire();
        await Ask(world, worker);
        world.Phone.Forgotten.Add("media1");
        await Ask(world, worker);
        Assert.Equal([(Customer, "image media1"), (Customer, "image media2")], world.Phone.Arrived);
        Assert.Equal(2, (await world.Customer(Customer))!.Out["sent"]);
    }

    [Fact]
    public async Task A_medium_that_nobody_has_given_is_a_refusal_and_holds_nothing_up()
    {
        await using var world = await Begin(Picture("nobody-gave-it"));
        var worker = world.Hire();
        await Ask(world, worker);
        Assert.Empty(world.Phone.Arrived);
        var entry = Assert.Single(await Effects.Ledger(world, Customer)).Entry;
        Assert.Equal((SendState.Refused, 40007), (entry.State, entry.Code));
        Assert.Empty((await world.Customer(Customer))!.Window.Slots);
    }

    [Fact]
    public async Task A_new_picture_under_the_name_is_uploaded()
    {
        await using var world = await Begin(Picture("tea-menu"));
        var worker = world.Hire();
        await Ask(world, worker);
        await worker.Get<MediaAssets>().Save("tea-menu", "image", "image/png", new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0 }, "店长", default);
        await Ask(world, worker);
        Assert.Equal(2, world.Phone.Uploads);
    }

    [Fact]
    public async Task What_was_removed_and_given_anew_is_not_the_old_one()
    {
        await using var world = await Begin(Picture("swap"));
        var worker = world.Hire();
        var assets = worker.Get<MediaAssets>();
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
        await assets.Save("swap", "image", "image/png", (byte[])[.. png, 1], "店长", default);
        await Ask(world, worker);
        await assets.Remove("swap", default);
        await assets.Save("swap", "image", "image/png", (byte[])[.. png, 2], "店长", default);
        await Ask(world, worker);
        Assert.Equal([(Customer, "image media1"), (Customer, "image media2")], world.Phone.Arrived);
    }

    private static async Task Ask(World world, Worker worker)
    {
        await worker.Publish(world.Text(Customer, "茶单"));
        await worker.Drain();
    }
}
