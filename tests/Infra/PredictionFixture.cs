namespace CrmServerless.Tests.Infra;

/// <summary>One compilation a parameter file for all tests of a class.</summary>
public sealed class PredictionFixture : IAsyncLifetime
{
    public static IReadOnlyList<string> Files { get; } = ["dev", "prod"];

    internal Dictionary<string, Prediction> By { get; } = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        if (Bicep.Missing is not null) return;
        foreach (var stage in Files) By[stage] = await Bicep.Predict($"{stage}.bicepparam");
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
