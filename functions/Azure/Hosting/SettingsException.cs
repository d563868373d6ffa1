namespace CrmServerless.Azure.Hosting;

/// <summary>The app cannot start with these settings.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults) : Exception($"The app's settings cannot be used:{string.Concat(faults.Select(f => $"\n  {f}"))}")
{
    /// <summary>A sentence each, without values.</summary>
    public IReadOnlyList<string> Faults => faults;
}
