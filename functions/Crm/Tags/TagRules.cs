using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Crm.Tags;

/// <summary>Auto-tags: every rule that matches gives its tags, once.</summary>
public static class TagRules
{
    public static (Customer Next, IReadOnlyList<CustomerTagged> Tagged) Decide(
        Customer customer, RuleInput input, IReadOnlyList<ReadyRule<TagAction>> rules)
    {
        List<CustomerTagged>? tagged = null;
        foreach (var rule in rules)
        {
            if (rule.Action.Tags.All(t => Has(customer, t)) || !rule.Matcher.Matches(input)) continue;
            foreach (var tag in rule.Action.Tags.Where(t => !Has(customer, t)))
            {
                customer = Give(customer, new CustomerTag(tag, rule.Rule.Id, rule.Rule.Version, null, input.OccurredAt));
                (tagged ??= []).Add(new CustomerTagged(tag, true, rule.Rule.Id, rule.Rule.Version));
            }
        }

        return (customer, tagged ?? []);
    }

    /// <summary>Tags given and taken by a person.</summary>
    public static (Customer Next, IReadOnlyList<CustomerTagged> Tagged) Edit(
        Customer customer, IReadOnlyList<string> add, IReadOnlyList<string> remove, string by, DateTimeOffset now)
    {
        var tagged = new List<CustomerTagged>();
        foreach (var tag in add.Where(t => !Has(customer, t)).Distinct(StringComparer.Ordinal))
        {
            customer = Give(customer, new CustomerTag(tag, null, null, by, now));
            tagged.Add(new CustomerTagged(tag, true, By: by));
        }

        foreach (var tag in remove.Where(t => Has(customer, t)).Distinct(StringComparer.Ordinal))
        {
            customer = customer with { Tags = [.. customer.Tags.Where(t => t.Name != tag)] };
            tagged.Add(new CustomerTagged(tag, false, By: by));
        }

        return (customer, tagged);
    }

    private static Customer Give(Customer customer, CustomerTag tag) => customer with { Tags = [.. customer.Tags, tag] };

    private static bool Has(Customer customer, string tag) => customer.Tags.Any(t => t.Name == tag);
}
