using Xunit.Abstractions;
using Xunit.Sdk;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>
/// Skips all tests of a class, inherited ones as they are, where what they run against is missing. xunit 2 asks an
/// orderer for the cases to run, and takes others for them too.
/// </summary>
public abstract class SkipWhere(string? missing) : ITestCaseOrderer
{
    public const string Assembly = "CrmServerless.Tests";

    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases) where TTestCase : ITestCase =>
        missing is null ? testCases : testCases.Select(c => (TTestCase)(ITestCase)new Skipped(c, missing));

    private sealed class Skipped : XunitTestCase
    {
        [Obsolete("For xunit, which never calls it.")]
        public Skipped() { }

        public Skipped(ITestCase original, string reason)
            : base(new NullMessageSink(), TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, original.TestMethod, original.TestMethodArguments) =>
            SkipReason = original.SkipReason ?? reason;
    }
}

public sealed class SkipWithoutTables() : SkipWhere(Emulators.WhyNot)
{
    public const string Name = $"CrmServerless.Tests.Azure.Stores.{nameof(SkipWithoutTables)}";
}

/// <summary>A real account needs no emulator.</summary>
public sealed class SkipWithoutCosmos() : SkipWhere(CosmosAccount.RealEndpoint is null ? Emulators.WhyNot : null)
{
    public const string Name = $"CrmServerless.Tests.Azure.Stores.{nameof(SkipWithoutCosmos)}";
}
