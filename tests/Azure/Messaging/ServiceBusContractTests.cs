using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Contracts;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>The suite of all brokers, by what the adapter writes on its messages; see <see cref="ServiceBusHarness"/>.</summary>
public sealed class ServiceBusContractTests : BusContract
{
    [Fact]
    public async Task A_plain_event_costs_the_credits_that_the_readme_counts()
    {
        var stages = CrmServerless.Crm.Pipeline.Stages;
        await using var bus = new ServiceBusHarness(stages);
        var received = Some.Text("今天天气真好");
        await Publish(bus, received);
        await Publish(bus, received.Child("customer", 0, Subjects.CustomerChanged, received.Data, bus.Now, byRule: false));
        foreach (var stage in stages) await Drain(bus, stage.Name);
        // 2 + 12 + 4: the row "plain" of infra/README.md, counted instead of worked out.
        Assert.Equal((2, 12, 4), bus.Topic.Counted);
    }

    protected override Task<IBusHarness> Open(IReadOnlyList<Stage> stages) => Task.FromResult<IBusHarness>(new ServiceBusHarness(stages));
}
