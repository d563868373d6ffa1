using CrmServerless.Crm.Customers;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.Stages;

/// <summary>WeChat's numbers: 5 messages in 48 h after a message, 3 in a minute after a follow, a scan or a menu click.</summary>
public sealed class ReplyWindowTests
{
    private static readonly DateTimeOffset T = Some.Now;

    [Theory]
    [InlineData(Kinds.Text)]
    [InlineData(Kinds.Image)]
    [InlineData(Kinds.Voice)]
    [InlineData(Kinds.Video)]
    [InlineData(Kinds.ShortVideo)]
    [InlineData(Kinds.Location)]
    [InlineData(Kinds.Link)]
    [InlineData(Kinds.UnknownMessage)]
    public void A_message_gives_five_for_48_hours(string kind)
    {
        var window = new ReplyWindow().After(kind, T);
        var (taken, reason) = TakeAll(window, T.AddHours(48).AddTicks(-1));
        Assert.Equal((5, SkipReasons.WindowUsedUp), (taken, reason));
        Assert.Equal((0, SkipReasons.WindowClosed), TakeAll(window, T.AddHours(48)));
    }

    [Theory]
    [InlineData(Kinds.Subscribe)]
    [InlineData(Kinds.Scan)]
    [InlineData(Kinds.MenuClick)]
    [InlineData(Kinds.MenuScanPush)]
    [InlineData(Kinds.MenuScanWait)]
    public void A_follow_a_scan_and_a_click_give_three_for_a_minute_less_the_way_to_WeChat(string kind)
    {
        var window = new ReplyWindow().After(kind, T);
        Assert.Equal((3, SkipReasons.WindowUsedUp), TakeAll(window, T.AddSeconds(50).AddTicks(-1)));
        Assert.Equal((0, SkipReasons.WindowClosed), TakeAll(window, T.AddSeconds(50)));
    }

    [Theory]
    [InlineData(Kinds.Unsubscribe)]
    [InlineData(Kinds.LocationReport)]
    [InlineData(Kinds.MenuView)] // the table lists click, scancode_push and scancode_waitmsg only
    [InlineData(Kinds.MenuMiniProgram)]
    [InlineData(Kinds.MenuPhoto)]
    [InlineData(Kinds.MenuPhotoOrAlbum)]
    [InlineData(Kinds.MenuAlbum)]
    [InlineData(Kinds.MenuLocation)]
    [InlineData(Kinds.TemplateResult)]
    [InlineData(Kinds.ServiceStarted)]
    [InlineData(Kinds.CardGot)]
    [InlineData(Kinds.CardEntered)]
    [InlineData(Kinds.SubscribeMessagePopup)]
    [InlineData(Kinds.UserDataRevoked)]
    [InlineData(Kinds.UnknownEvent)]
    public void Nothing_else_gives_anything(string kind)
    {
        Assert.Equal((0, SkipReasons.WindowClosed), TakeAll(new ReplyWindow().After(kind, T), T));
        var open = new ReplyWindow().After(Kinds.Text, T);
        Assert.Same(open, open.After(kind, T.AddSeconds(1)));
    }

    [Fact]
    public void The_shorter_lived_slots_go_first()
    {
        var window = new ReplyWindow().After(Kinds.Text, T).After(Kinds.MenuClick, T.AddSeconds(10));
        var grants = Enumerable.Range(0, 8).Select(n =>
        {
            window = window.Reserve($"send.{n}.r", "r", T.AddSeconds(11), out _)!;
            return window.Slots[^1].Grant;
        });
        Assert.Equal([Grant.Event, Grant.Event, Grant.Event, Grant.Message, Grant.Message, Grant.Message, Grant.Message, Grant.Message], grants);
        Assert.Null(window.Reserve("send.9.r", "r", T.AddSeconds(11), out var reason));
        Assert.Equal(SkipReasons.WindowUsedUp, reason);
    }

    [Fact]
    public void After_the_minute_the_message_slots_are_what_is_left()
    {
        var window = new ReplyWindow().After(Kinds.Text, T).After(Kinds.MenuClick, T);
        Assert.Equal(Grant.Message, window.Reserve("send.a.r", "r", T.AddSeconds(50), out _)!.Slots[^1].Grant);
    }

    [Fact]
    public void A_new_message_gives_five_new_slots_and_leaves_those_of_the_event()
    {
        var window = new ReplyWindow().After(Kinds.Text, T).After(Kinds.Scan, T);
        window = Enumerable.Range(0, 4).Aggregate(window, (w, n) => w.Reserve($"send.{n}.r", "r", T, out _)!);
        Assert.Equal((4, 0), (window.Left(Grant.Message), window.Left(Grant.Event)));
        var again = window.After(Kinds.Text, T.AddSeconds(5));
        Assert.Equal((5, 0), (again.Left(Grant.Message), again.Left(Grant.Event)));
        var scanned = window.After(Kinds.Scan, T.AddSeconds(5));
        Assert.Equal((4, 3), (scanned.Left(Grant.Message), scanned.Left(Grant.Event)));
    }

    [Theory]
    [InlineData(Kinds.Text)]
    [InlineData(Kinds.MenuClick)]
    public void An_older_event_that_arrives_late_turns_nothing_back(string kind)
    {
        var window = new ReplyWindow().After(kind, T).Reserve("send.a.r", "r", T, out _)!;
        Assert.Same(window, window.After(kind, T.AddSeconds(-1)));
        Assert.Same(window, window.After(kind, T));
    }

    [Fact]
    public void Reserving_again_for_the_same_send_takes_nothing()
    {
        var window = new ReplyWindow().After(Kinds.Text, T).Reserve("send.a.r", "r", T, out _)!;
        Assert.Same(window, window.Reserve("send.a.r", "r", T.AddHours(1), out var reason));
        Assert.Null(reason);
        // Also when the window has closed meanwhile: the slot was taken in time.
        Assert.Same(window, window.Reserve("send.a.r", "r", T.AddDays(3), out _));
    }

    [Fact]
    public void A_refused_send_gives_its_slot_back_once()
    {
        var window = new ReplyWindow().After(Kinds.Text, T).Reserve("send.a.r", "r", T, out _)!.Reserve("send.b.r", "r", T, out _)!;
        var released = window.Release("send.a.r");
        Assert.Equal((3, 4, "send.b.r"), (window.Left(Grant.Message), released.Left(Grant.Message), Assert.Single(released.Slots).Send));
        Assert.Same(released, released.Release("send.a.r"));
    }

    private static (int Taken, string? Reason) TakeAll(ReplyWindow window, DateTimeOffset now)
    {
        for (var taken = 0; ; taken++)
        {
            if (window.Reserve($"send.{taken}.r", "r", now, out var reason) is not { } next) return (taken, reason);
            window = next;
        }
    }
}
