using System.Globalization;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Tags;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Local.Demo;

/// <summary>
/// One day of 青禾茶铺: every act is a real callback, and every line tells what the stores hold afterwards, not what the
/// script hoped for.
/// </summary>
public sealed class DemoDay(
    AccountBook accounts, Phone phone, PhoneOutbox outbox, FaultProfiles profiles, SqliteBus bus, CustomerFiles files, CarriedTags carried,
    AlertBook alerts, CloseAlert close, BuildReport reports, TimeProvider clock)
{
    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    private Account Shop => accounts.All.First();

    public static async Task Play(WebApplication app, DemoClock clock)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.Services.GetRequiredService<DemoDay>().Play(clock, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl-C in the middle of the day.
        }
    }

    private async Task Play(DemoClock leaping, CancellationToken ct)
    {
        var day = Shanghai.Day(leaping.GetUtcNow());
        var run = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var (lin, chen, zhao) = ($"oLinXiaoyu_{run}", $"oChenHao_{run}", $"oZhaoMin_{run}");

        async Task Scene(int hour, int minute, Func<Task<string>> act)
        {
            await leaping.LeapTo(Shanghai.Start(day).AddMinutes((hour * 60) + minute), Leap, ct);
            var line = await act();
            Console.WriteLine($"  {(hour < 24 ? $"{hour:D2}:{minute:D2}" : $"次日 {hour - 24:D2}:{minute:D2}")}  {line}");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }

        Console.WriteLine($"  ── {day:yyyy-MM-dd} 青禾茶铺 ──");
        await Scene(8, 30, () => Tell(lin, "林小雨扫门店码关注", new PhoneAct { Act = "subscribe", Scene = "store-042" }, ct));
        await Scene(9, 10, () => Tell(lin, "她问「今天有什么优惠？」", new PhoneAct { Act = "text", Text = "今天有什么优惠？" }, ct));
        await Scene(9, 15, () => Tell(lin, "她说「你好」", new PhoneAct { Act = "text", Text = "你好" }, ct));
        await Scene(9, 20, () => TeaMenu(lin, ct));
        await Scene(10, 0, () => Tell(chen, "陈浩点菜单「附近门店」", new PhoneAct { Act = "click", Key = "MENU_STORES" }, ct));
        await Scene(10, 1, () => Tell(chen, "他发来位置", new PhoneAct { Act = "location", Latitude = 31.2304, Longitude = 121.4737 }, ct));
        await Scene(12, 0, () => ScanTogether(run, ct));
        await Scene(12, 30, () => DeliverThrice(lin, ct));
        await Scene(14, 5, () => Complain(zhao, ct));
        await Scene(14, 25, () => Escalated(ct));
        await Scene(15, 0, () => CloseTheAlert(ct));
        await Scene(18, 40, () => Tell(chen, "陈浩取消关注", new PhoneAct { Act = "unsubscribe" }, ct));
        await Scene(23, 40, () => QuotaUsedUp(lin, ct));
        await Scene(24, 2, () => QuotaIsBack(lin, ct));
        await Scene(24, 6, () => Report(day, ct));
        Console.WriteLine("  演示的一天结束，时钟从这里按正常速度继续。打开页面，换你来当顾客：发「维 * 權 到底」试试。");
    }

    private async Task<string> Tell(string openId, string story, PhoneAct act, CancellationToken ct)
    {
        var before = (await outbox.Read(openId, 100, ct)).Count;
        var ack = await Send(openId, act, ct);
        var customer = await Customer(openId, ct);
        var answers = await outbox.Read(openId, 100, ct);
        var answer = answers.Count > before ? $"；手机收到{Shown(answers[0])}" : "";
        var tags = customer is { Tags.Count: > 0 } ? $"；标签 {string.Join("、", customer.Tags.Select(t => t.Name))}{await AtWeChat(openId, ct)}" : "";
        return $"{story}：{ack}；{Stage(customer)}{tags}{answer}";
    }

    // Two questions, and two answers that are no words.
    private async Task<string> TeaMenu(string openId, CancellationToken ct)
    {
        await Send(openId, new PhoneAct { Act = "text", Text = "有什么茶？" }, ct);
        var ack = await Send(openId, new PhoneAct { Act = "text", Text = "怎么点单" }, ct);
        var answers = await outbox.Read(openId, 2, ct);
        return $"她问「有什么茶？」「怎么点单」：{ack}；手机收到{string.Concat(answers.Reverse().Select(Shown))}";
    }

    private async Task<string> QuotaUsedUp(string openId, CancellationToken ct)
    {
        profiles.Set(new FaultProfile(Shop.Name, "cgi-bin/message/custom/send", ProfileKind.Quota, clock.GetUtcNow()));
        var before = (await outbox.Read(openId, 100, ct)).Count;
        var ack = await Send(openId, new PhoneAct { Act = "text", Text = "明天有什么活动？" }, ct);
        var arrived = (await outbox.Read(openId, 100, ct)).Count - before;
        var waits = bus.Depths().Single(d => d.Stage == "reply").Delayed;
        return $"微信说今天的客服消息额度用完（45009），她问「明天有什么活动？」：{ack}；收到 {arrived} 条，等额度的回复 {waits} 条，别的照办";
    }

    private async Task<string> QuotaIsBack(string openId, CancellationToken ct)
    {
        await bus.WhenIdle(ct);
        return $"零点额度恢复：手机收到{Shown((await outbox.Read(openId, 1, ct))[0])}";
    }

    private async Task<string> AtWeChat(string openId, CancellationToken ct) =>
        (await carried.List(Keys.Customer(Shop.Name, openId), ct)).Count(t => t is { Given: true, State: CarriedState.Carried }) is > 0 and var known ? $"（{known} 个已带到微信后台）" : "";

    private static string Shown(PhoneMessage message) => message.Type switch
    {
        "image" => "[图片]",
        "miniprogrampage" => $"[小程序「{message.Title}」]",
        "msgmenu" => $"[菜单「{message.Content}」{string.Join("／", message.Menu!.Select(i => i.Content))}]",
        _ => $"「{message.Content ?? message.Title ?? message.Articles?[0].Title}」",
    };

    private async Task<string> ScanTogether(string run, CancellationToken ct)
    {
        const int Customers = 20;
        await Task.WhenAll(Enumerable.Range(1, Customers).Select(n =>
            phone.Act(Shop, new PhoneAct { Openid = $"oScan{n:D2}_{run}", Act = "subscribe", Scene = "campaign-spring" }, ct)));
        await bus.WhenIdle(ct);
        var (kept, answered) = (0, 0);
        for (var n = 1; n <= Customers; n++)
        {
            if ((await Customer($"oScan{n:D2}_{run}", ct))?.Subscribed == true) kept++;
            answered += (await outbox.Read($"oScan{n:D2}_{run}", 10, ct)).Count;
        }

        return $"{Customers} 人在同一秒扫活动码关注：建档 {kept}，收到欢迎 {answered}，没有一个被当成重复";
    }

    private async Task<string> DeliverThrice(string openId, CancellationToken ct)
    {
        var before = (await Customer(openId, ct))?.In.GetValueOrDefault("oa.message.text") ?? 0;
        var ack = await Send(openId, new PhoneAct { Act = "text", Text = "请问几点关门", Copies = 3 }, ct);
        var after = (await Customer(openId, ct))?.In.GetValueOrDefault("oa.message.text") ?? 0;
        return $"微信没听到应答，同一条消息投递了三次：{ack}；档案里计 {after - before} 次";
    }

    private async Task<string> Complain(string openId, CancellationToken ct)
    {
        await phone.Act(Shop, new PhoneAct { Openid = openId, Act = "subscribe" }, ct);
        await bus.WhenIdle(ct);
        var ack = await Send(openId, new PhoneAct { Act = "text", Text = "茶里喝出头发，我要维 * 权！" }, ct);
        var alert = await LatestAlert(ct);
        return alert is null ? $"赵敏投诉：{ack}；没有警报" :
            $"赵敏：「{alert.Text}」{ack}；⚠ 警报 {alert.Category}，命中 {string.Join("、", alert.Words)}，负责人 {alert.Owner}，规则 {alert.RuleId}@{alert.RuleVersion}";
    }

    private async Task<string> Escalated(CancellationToken ct)
    {
        await bus.WhenIdle(ct);
        return (await LatestAlert(ct))?.EscalatedAt is { } at ? $"15 分钟没人处理，警报在 {at.ToOffset(Shanghai.Offset):HH:mm} 升级" : "警报没有升级";
    }

    private async Task<string> CloseTheAlert(CancellationToken ct)
    {
        if (await LatestAlert(ct) is not { } alert) return "没有警报可关";
        var changed = await close.Close(alert.Account, alert.Id, "李店长", "已电话道歉并退款", ct);
        await bus.WhenIdle(ct);
        return $"{changed?.After.ClosedBy}处理完毕，关闭警报（{changed?.After.Note}）";
    }

    private async Task<string> Report(DateOnly day, CancellationToken ct)
    {
        await bus.WhenIdle(ct);
        var report = await reports.Build(Shop.Name, day, ct);
        return $"日报：新关注 {report.Followers.Gained}，取消 {report.Followers.Lost}，事件 {report.Events.Total}，回复 {report.Replies.Sent}，警报 {report.Alerts.Raised}（升级 {report.Alerts.Escalated}，关闭 {report.Alerts.Closed}）";
    }

    private async Task<string> Send(string openId, PhoneAct act, CancellationToken ct)
    {
        var result = await phone.Act(Shop, act with { Openid = openId }, ct);
        await bus.WhenIdle(ct);
        return string.Create(CultureInfo.InvariantCulture, $"应答 {result!.Deliveries.Max(d => d.Ms):F0} 毫秒");
    }

    private async Task<Customer?> Customer(string openId, CancellationToken ct) =>
        (await files.Read(Keys.Customer(Shop.Name, openId), ct))?.Customer;

    private async Task<Alert?> LatestAlert(CancellationToken ct) =>
        (await alerts.Page(Shop.Name, null, null, 1, ct)).Items is [var latest, ..] ? latest : null;

    private static string Stage(Customer? customer) => customer?.Stage switch
    {
        Lifecycle.Follower => "新关注",
        Lifecycle.Active => "活跃",
        Lifecycle.Lost => "流失",
        _ => "潜在",
    };
}
