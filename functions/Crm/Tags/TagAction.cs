namespace CrmServerless.Crm.Tags;

/// <summary>What a tag rule does.</summary>
/// <param name="Tags">Tags to give, each 1 to 30 characters.</param>
public sealed record TagAction(IReadOnlyList<string> Tags);
