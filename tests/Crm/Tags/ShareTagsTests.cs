using System.Net;
using System.Text;
using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Tags;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace CrmServerless.Tests.Stages;

/// <summary>The tags of a customer, carried for a colleague who got him later: which, when again, and when not.</summary>
public sealed class ShareTagsTests : IAsyncDisposable
{
    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly MemoryBus bus = new();
    private readonly FakeCompany company = new();
    private readonly ServiceProvider services;

    public ShareTagsTests() => services = new ServiceCollection()
        .AddSingleton(store.Documents).AddKeyedSingleton(CrmServices.SpillStore, store.Documents)
        .AddSingleton<IMessageBus>(bus).AddSingleton(Mock.Of<IBrokerDeadLetters>()).AddSingleton(Mock.Of<INotifier>())
        .AddSingleton(new AccountBook([Some.Account with { Kind = AccountKind.WeCom, AppId = "ww1234567890abcdef" }]))
        .AddSingleton<TimeProvider>(clock).AddSingleton(new HttpClient(company)).AddSingleton<HostProbe>(() => new HostHealth("test", true, []))
        .AddCrm().BuildServiceProvider();

    private CarriedTags Ledger => services.GetRequiredService<CarriedTags>();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task What_the_file_has_and_was_carried_is_carried_for_him_and_for_nobody_else()
    {
        // One was taken again, one came from WeChat, one is still on its way to all of them.
        await File(["金卡", "老客", "来自微信", "在路上"], "zhangsan", "lisi");
        await Carried("金卡", "老客");
        await Ledger.Note(Some.Key, new CarriedTag("拿掉了", false, CarriedState.Carried, null, null, Some.Now), default);
        await Run(Fact("lisi"));
        Assert.Equal(["lisi 老客", "lisi 金卡"], company.Marked.Order(StringComparer.Ordinal));
        Assert.Empty(bus.Sent);
    }

    [Fact]
    public async Task Delivered_again_it_carries_nothing_and_a_new_fact_carries_again()
    {
        await File(["金卡"], "zhangsan", "lisi");
        await Carried("金卡");
        var fact = Fact("LiSi");
        Assert.False((await Run(fact)).Duplicate);
        Assert.True((await Run(fact)).Duplicate);
        Assert.Single(company.Marked);
        await Run(Fact("lisi")); // he had lost the customer
        Assert.Equal(2, company.Marked.Count);
    }

    [Theory]
    [InlineData(Origins.Import)]
    [InlineData(Origins.Reconcile)]
    [InlineData(Origins.Replay)]
    public async Task What_is_not_live_is_carried_for_nobody(string origin)
    {
        await File(["金卡"], "zhangsan", "lisi");
        await Carried("金卡");
        await Run(Fact("lisi") with { Origin = origin });
        Assert.Empty(company.Marked);
    }

    [Fact]
    public async Task Who_has_lost_the_customer_meanwhile_gets_nothing()
    {
        await File(["金卡"], "zhangsan");
        await Carried("金卡");
        await Run(Fact("lisi"));
        Assert.Empty(company.Marked);
    }

    [Fact]
    public async Task One_that_WeCom_refuses_is_noted_and_the_others_are_carried()
    {
        await File(["禁用词", "金卡"], "lisi");
        await Carried("金卡");
        await Ledger.Note(Some.Key, new CarriedTag("禁用词", true, CarriedState.Refused, 40072, null, Some.Now), default);
        company.Refused["禁用词"] = 40072;
        await Run(Fact("lisi"));
        Assert.Equal(["lisi 金卡"], company.Marked);
        Assert.Equal([("禁用词", CarriedState.Refused), ("金卡", CarriedState.Carried)], (await Shared()).Tags.Select(t => (t.Tag, t.State)).OrderBy(t => t.State == CarriedState.Carried));
    }

    [Fact]
    public async Task What_a_quota_stops_is_put_off_and_then_only_that_is_carried()
    {
        await File(["金卡", "老客"], "lisi");
        await Carried("金卡", "老客");
        company.Refused["老客"] = 45009; // when it is made
        await Run(Fact("lisi"));
        Assert.Equal(["lisi 金卡"], company.Marked);
        var later = Assert.Single(bus.Sent).Fact;
        Assert.Equal(("tag", null), (later.Only, later.Deadline));
        Assert.True(later.NotBefore > Some.Now);

        company.Refused.Clear();
        clock.SetUtcNow(later.NotBefore!.Value);
        await Run(later);
        Assert.Equal(["lisi 金卡", "lisi 老客"], company.Marked);
        Assert.Equal(2, (await Shared()).Tags.Count);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_for_what_is_not_done()
    {
        await File(["金卡", "老客"], "lisi");
        await Carried("金卡", "老客");
        company.Refused["老客"] = 45033; // too many at the same time
        var fact = Fact("lisi");
        await Assert.ThrowsAsync<TransientException>(() => Run(fact));
        company.Refused.Clear();
        await Run(fact);
        Assert.Equal(["lisi 金卡", "lisi 老客"], company.Marked);
    }

    [Fact]
    public async Task A_tag_for_which_there_was_nobody_has_arrived_then()
    {
        await File(["金卡"], "lisi");
        await Ledger.Note(Some.Key, CarriedTag.Of("金卡", true, null, Some.Now), default);
        await Run(Fact("lisi"));
        Assert.Equal(CarriedState.Carried, (await Ledger.Find(Some.Key, "金卡", default))!.State);
    }

    private async Task File(string[] tags, params string[] staff)
    {
        var customer = new Customer
        {
            Key = Some.Key, StatsId = "s", FirstSeenAt = Some.Now, LastSeenAt = Some.Now,
            Tags = [.. tags.Select(t => new CustomerTag(t, "r", 1, t == "来自微信" ? CarryTag.FromWeChat : null, Some.Now))],
            Staff = [.. staff.Select(s => new StaffRelation { StaffId = s, State = StaffState.Added, Since = Some.Now })],
        };
        await services.GetRequiredService<CustomerFiles>().Write(null, customer, default);
    }

    private async Task Carried(params string[] tags)
    {
        foreach (var tag in tags) await Ledger.Note(Some.Key, new CarriedTag(tag, true, CarriedState.Carried, null, null, Some.Now), default);
    }

    private async Task<SharedTags> Shared() => (await Ledger.Shared(Some.Key, "lisi", default))!;

    private static Envelope Fact(string staff) => Some.Fact(Subjects.CustomerShared, new CustomerShared(staff), CrmJson.Types.CustomerShared);

    private async Task<StageDelivery> Run(Envelope fact)
    {
        var delivery = new StageDelivery(fact, 1);
        await services.GetRequiredService<CarryTag>().Handle(delivery, default);
        return delivery;
    }

    /// <summary>Plays qyapi.weixin.qq.com: who has marked a customer with what, and what it refuses when it is to be made.</summary>
    private sealed class FakeCompany : HttpMessageHandler
    {
        private readonly List<string> made = ["金卡"];

        public List<string> Marked { get; } = [];

        public Dictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var json = JsonDocument.Parse(request.Content is null ? "{}" : await request.Content.ReadAsStringAsync(cancellationToken));
            var answer = request.RequestUri!.AbsolutePath.Split('/')[^1] switch
            {
                "gettoken" => """{"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200}""",
                "get_corp_tag_list" => $$"""{"errcode":0,"errmsg":"ok","tag_group":[{{Group(made)}}]}""",
                "add_corp_tag" => Make(json.RootElement.GetProperty("tag")[0].GetProperty("name").GetString()!),
                "mark_tag" => Mark(json.RootElement),
                _ => """{"errcode":48002,"errmsg":"no"}""",
            };
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }

        private string Make(string name)
        {
            if (Refused.TryGetValue(name, out var code)) return $$"""{"errcode":{{code}},"errmsg":"as the test says"}""";
            made.Add(name);
            return $$"""{"errcode":0,"errmsg":"ok","tag_group":{{Group([name])}}}""";
        }

        private string Mark(JsonElement body)
        {
            Marked.Add($"{body.GetProperty("userid").GetString()} {body.GetProperty("add_tag")[0].GetString()}");
            return """{"errcode":0,"errmsg":"ok"}""";
        }

        // A tag's id is its name.
        private static string Group(IEnumerable<string> names) => JsonSerializer.Serialize(new
        {
            group_id = "g", group_name = WeComTags.Group, create_time = 1, order = 0, deleted = false,
            tag = names.Select(n => new { id = n, name = n, create_time = 1, order = 0, deleted = false }),
        });
    }
}
