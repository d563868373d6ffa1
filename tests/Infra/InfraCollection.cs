namespace CrmServerless.Tests.Infra;

/// <summary>The compiler is heavy: these tests run one after the other and share its predictions.</summary>
[CollectionDefinition(Name)]
public sealed class InfraCollection : ICollectionFixture<PredictionFixture>
{
    public const string Name = "infra";
}
