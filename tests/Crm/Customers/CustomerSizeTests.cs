using System.Globalization;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.Stages;

public sealed class CustomerSizeTests
{
    [Fact]
    public void A_customer_with_everything_stays_under_8_KB()
    {
        // The busiest that we expect: writes and clicks of ten kinds on each of 30 days, half of the facts are answers.
        string[] kinds =
        [
            Kinds.Text, Kinds.Image, Kinds.Voice, Kinds.Video, Kinds.Location, Kinds.Link, Kinds.Scan, Kinds.LocationReport, Kinds.MenuClick, Kinds.MenuView,
        ];
        var today = Shanghai.Day(Some.Now);
        var activity = Activity.None;
        foreach (var kind in kinds)
            foreach (var day in Enumerable.Range(0, 30))
                for (var n = 0; n < 12; n++) activity = activity.Add(kind, today.AddDays(-day));
        var ids = Enumerable.Range(0, 50).Select(_ => Some.Id()).SelectMany(id => new[] { id, Ids.Child(Ids.Child(id, "customer", 0), "reply", 0) });
        var window = new ReplyWindow().After(Kinds.Text, Some.Now).After(Kinds.MenuClick, Some.Now);
        for (var n = 0; n < 8; n++) window = window.Reserve($"send.{Some.Id()}.keyword-offers-{n}", $"keyword-offers-{n}", Some.Now, out _)!;
        var customer = new Customer
        {
            Key = Some.Key, StatsId = "0123456789abcdef0123", Version = 12_345, FirstSeenAt = Some.Now.AddYears(-3), LastSeenAt = Some.Now, FollowingSeenAt = Some.Now,
            SubscribedAt = Some.Now.AddYears(-3), UnsubscribedAt = Some.Now.AddYears(-4), Subscribed = true, Source = "store-shanghai-people-square-01", Stage = Lifecycle.Active,
            Tags = [.. Enumerable.Range(0, 10).Select(n => new CustomerTag("价格敏感客户" + n.ToString(CultureInfo.InvariantCulture), "price-sensitive", 12, null, Some.Now.AddSeconds(n)))],
            In = kinds.ToDictionary(k => k, _ => 360L), Out = new Dictionary<string, long> { ["sent"] = 1000, ["skipped"] = 100, ["refused"] = 10, ["unknown"] = 1 },
            Activity = activity, Window = window, Location = new LastLocation(31.230416, 121.473701, "上海市黄浦区人民大道120号人民广场", Some.Now),
            Handled = [.. ids.Select((id, n) => HandledFact.Of(Some.Text("x", Some.Now.AddMilliseconds((n * 60_000) + 7), id)))], HandledUpTo = Some.Now,
        };
        var size = CustomerFiles.ToDocument(customer).Data.Length;
        Assert.True(size < 8 * 1024, $"{size} bytes: {Sizes(customer)}");

        var read = CustomerFiles.Parse(new CrmServerless.Crm.Storage.StoredDocument("p", "i", "e", CustomerFiles.ToDocument(customer).Data)).Customer;
        Assert.Equal(customer.Handled, read.Handled);
        Assert.Equal(3600, read.Activity.Count(_ => true, today.AddDays(-29), today));
        Assert.Equal(customer.Tags, read.Tags);
        Assert.Equal(customer.Window.Slots, read.Window.Slots);
    }

    [Fact]
    public void A_customer_of_WeCom_whom_everybody_has_stays_under_8_KB()
    {
        // Twenty colleagues with long userids, each has edited him; something happens on each of 30 days, as often as staff add and edit.
        string[] kinds = [WeComKinds.CustomerAdded, WeComKinds.CustomerHalfAdded, WeComKinds.CustomerEdited, WeComKinds.CustomerLost];
        var customer = new Customer { Key = "main:wmqinghe00000000000000000000001A", StatsId = "0123456789abcdef0123", FirstSeenAt = Some.Now, LastSeenAt = Some.Now };
        for (var n = 0; n < 200; n++)
        {
            var (staff, at) = ($"store-{n % StaffRules.MaxStaff:D3}.somebody@tea.example", Some.Now.AddHours(n * 3).AddMilliseconds(7));
            var fact = Some.Event(n < 80 ? kinds[n % 2] : kinds[n % 4], at, e => e with { StaffId = staff, State = "poster-shanghai-people-square1" });
            customer = CustomerRules.Decide(customer, fact, Some.NoTagRules, "s").Next with { Version = 12_345, FailedTransfer = new FailedTransfer(staff, "customer_limit_exceed", at) };
            customer = customer with { Handled = HandledFact.Push(customer.Handled, customer.HandledUpTo, fact).Handled, HandledUpTo = at };
        }

        customer = customer with { Tags = [.. Enumerable.Range(0, 5).Select(n => new CustomerTag("价格敏感客户" + n.ToString(CultureInfo.InvariantCulture), "price-sensitive", 12, null, Some.Now.AddSeconds(n)))] };
        Assert.Equal((StaffRules.MaxStaff, HandledFact.Kept), (customer.Staff.Count, customer.Handled.Count));
        var document = CustomerFiles.ToDocument(customer);
        Assert.True(document.Data.Length < 8 * 1024, $"{document.Data.Length} bytes: {Sizes(customer)}");
        var read = CustomerFiles.Parse(new CrmServerless.Crm.Storage.StoredDocument("p", "i", "e", document.Data)).Customer;
        Assert.Equal(customer.Staff, read.Staff);
        Assert.Equal(customer.FailedTransfer, read.FailedTransfer);
    }

    private static string Sizes(Customer customer)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToElement(customer, CrmJson.Types.Customer);
        return string.Join(", ", json.EnumerateObject().Select(p => $"{p.Name} {System.Text.Encoding.UTF8.GetByteCount(p.Value.GetRawText())}"));
    }
}
