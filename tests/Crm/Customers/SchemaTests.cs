using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Tests.Stages;

/// <summary>What was stored by an older version must be readable by a newer one.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void A_customer_that_lacks_newer_properties_gets_their_defaults()
    {
        const string old = """{"key":"main:o","statsId":"s","firstSeenAt":"2026-03-02T02:00:00+00:00","lastSeenAt":"2026-03-02T02:00:00+00:00","someday":1}""";
        var customer = JsonSerializer.Deserialize(old, CrmJson.Types.Customer)!;
        Assert.Equal(Lifecycle.Prospect, customer.Stage);
        Assert.Empty(customer.Tags);
        Assert.Empty(customer.In);
        Assert.Empty(customer.Out);
        Assert.Empty(customer.Handled);
        Assert.Empty(customer.Outbox);
        Assert.Equal(0, customer.Activity.Count(_ => true, DateOnly.MinValue, DateOnly.MaxValue));
        Assert.Empty(customer.Window.Slots);
        Assert.False(customer.Subscribed);
        Assert.Empty(customer.Staff);
        Assert.Null(customer.FailedTransfer);
        Assert.NotNull(customer.Snapshot());
    }

    [Fact]
    public void A_rule_that_lacks_newer_properties_gets_their_defaults()
    {
        var rule = JsonSerializer.Deserialize("""{"id":"a","then":{}}""", CrmJson.Types.Rule)!;
        Assert.Equal((1, true, 100), (rule.Version, rule.Enabled, rule.Order));
        Assert.NotNull(rule.When);
    }

    [Fact]
    public void An_alert_and_a_word_list_that_know_no_side_are_about_customers()
    {
        const string old = """{"id":"1","account":"main","customer":"main:o","level":"high","category":"c","owner":"o","words":[],"text":"t","context":[],"ruleId":"r","ruleVersion":1,"occurredAt":"2026-03-02T02:00:00+00:00","raisedAt":"2026-03-02T02:00:00+00:00"}""";
        Assert.Equal(CrmServerless.Crm.Alerts.AlertSide.Customer, JsonSerializer.Deserialize(old, CrmJson.Types.Alert)!.Side);
        Assert.Equal(CrmServerless.Crm.Alerts.AlertSide.Customer, JsonSerializer.Deserialize("""{"words":["a"],"level":"low","category":"c"}""", CrmJson.Types.AlertAction)!.Side);
    }

    [Fact]
    public void No_stored_type_has_a_default_that_the_generated_reader_would_skip()
    {
        // The source generator sets every init-only property, the absent ones to default(T): an initialiser on one is
        // silently lost. So a property whose initial value matters must be "set".
        var faults = new List<string>();
        foreach (var type in Stored())
        {
            if (type.GetConstructor(Type.EmptyTypes) is null) continue;
            var fresh = Activator.CreateInstance(type)!;
            foreach (var property in type.GetProperties().Where(IsInitOnly))
            {
                var empty = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
                if (!Equals(property.GetValue(fresh), empty)) faults.Add($"{type.Name}.{property.Name}");
            }
        }

        Assert.Empty(faults);
        Assert.Contains(typeof(Customer), Stored());
        Assert.Contains(typeof(RuleCondition), Stored());
    }

    private static bool IsInitOnly(PropertyInfo property) =>
        property.GetCustomAttribute<RequiredMemberAttribute>() is null && property.GetCustomAttribute<JsonIgnoreAttribute>() is null
        && property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static List<Type> Stored() =>
        [.. typeof(CrmJson).GetProperties().Where(p => p.PropertyType.IsGenericType).Select(p => p.PropertyType.GetGenericArguments()[0])
            .Where(t => t.Namespace?.StartsWith("CrmServerless", StringComparison.Ordinal) == true && t.IsClass).Distinct()];
}
