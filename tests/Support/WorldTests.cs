using CrmServerless.Crm.Rules;

namespace CrmServerless.Tests.Support;

/// <summary>Tests of the pipeline that hold on every document store; on a file, where nothing else is said.</summary>
public abstract class WorldTests
{
    /// <summary>A world with these rules, or those that a new installation has.</summary>
    protected virtual Task<World> Begin(params (string Kind, Rule Rule)[] rules) => Task.FromResult(new World(rules));
}
