namespace CrmServerless.Crm.Tags;

/// <summary>A customer got a tag or lost it.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Given">True: got it. False: lost it.</param>
/// <param name="RuleId">The rule; null if a person did it.</param>
/// <param name="RuleVersion">That rule's version.</param>
/// <param name="By">The person; null if a rule did it.</param>
public sealed record CustomerTagged(string Tag, bool Given, string? RuleId = null, int? RuleVersion = null, string? By = null);
