using CrmServerless.Crm;
using CrmServerless.Tests.Contracts;

namespace CrmServerless.Tests.Local;

public sealed class SqliteBusTests : BusContract
{
    protected override Task<IBusHarness> Open(IReadOnlyList<Stage> stages) =>
        Task.FromResult<IBusHarness>(new SqliteBusHarness(stages));
}
