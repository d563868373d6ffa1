using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using ThePipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Infra;

/// <summary>Pipeline.cs, pipeline.json and what a deployment would create say the same.</summary>
[Collection(InfraCollection.Name)]
public sealed partial class SubscriptionDriftTests(PredictionFixture predictions)
{
    private static readonly JsonArray Listed = JsonNode.Parse(Repository.Text("infra", "pipeline.json"))!.AsArray();

    public static TheoryData<string> Parameters => new(PredictionFixture.Files);

    [Fact]
    public void Pipeline_json_lists_the_stages_of_the_pipeline()
    {
        var listed = Listed.Select(s => (s!.Text("name"), string.Join(' ', Subjects(s!)), s!.At("sessions").GetValue<bool>(), s!["batch"]?.GetValue<int>() ?? 1));
        Assert.Equal(ThePipeline.Stages.Select(s => (s.Name, string.Join(' ', s.Subjects), s.Sessions, s.BatchSize)), listed);
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Each_stage_has_its_subscription_and_no_other_is_there(string stage)
    {
        var subscriptions = predictions.By[stage].Of("Microsoft.ServiceBus/namespaces/topics/subscriptions");
        Assert.Equal(
            ThePipeline.Stages.Select(s => (s.Name, s.Sessions)),
            subscriptions.Select(s => (s.Leaf(), s.At("properties", "requiresSession").GetValue<bool>())));
        Assert.All(subscriptions, s =>
        {
            var properties = s.At("properties");
            Assert.True(properties.At("deadLetteringOnMessageExpiration").GetValue<bool>());
            Assert.True(properties.At("deadLetteringOnFilterEvaluationExceptions").GetValue<bool>());
            Assert.Equal(500, properties.At("maxDeliveryCount").GetValue<int>());
            Assert.Equal(TimeSpan.FromMinutes(1), XmlConvert.ToTimeSpan(properties.Text("lockDuration")));
            Assert.Equal(TimeSpan.FromDays(14), XmlConvert.ToTimeSpan(properties.Text("defaultMessageTimeToLive")));
        });
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Each_subscription_has_one_rule_that_lets_its_subjects_through(string stage)
    {
        var rules = predictions.By[stage].Of("Microsoft.ServiceBus/namespaces/topics/subscriptions/rules");
        Assert.All(rules, r => Assert.Equal("$Default", r.Leaf()));
        Assert.Equal(
            ThePipeline.Stages.Select(s => (s.Name, string.Join(' ', s.Subjects))),
            rules.Select(r => (r.Leaf(2), string.Join(' ', Allowed(r.At("properties", "sqlFilter").Text("sqlExpression"))))));
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void The_topic_is_what_the_pipeline_counts_on(string stage)
    {
        var topic = predictions.By[stage].One("Microsoft.ServiceBus/namespaces/topics");
        var properties = topic.At("properties");
        Assert.Equal("crm", topic.Leaf());
        Assert.True(properties.At("requiresDuplicateDetection").GetValue<bool>());
        Assert.Equal(TimeSpan.FromHours(1), XmlConvert.ToTimeSpan(properties.Text("duplicateDetectionHistoryTimeWindow")));
        Assert.False(properties.At("enablePartitioning").GetValue<bool>());
        // Transient faults are never given up before this age: the broker must keep a fact longer.
        Assert.True(XmlConvert.ToTimeSpan(properties.Text("defaultMessageTimeToLive")) > new FailureOptions().TransientAge);
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Host_json_and_the_subscriptions_leave_room_for_the_failure_rules(string stage)
    {
        var host = JsonNode.Parse(Repository.Text("host.json"), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!
            .At("extensions", "serviceBus");
        var failure = new FailureOptions();
        // A session is a lane: fewer would leave lanes waiting for each other, more calls would break their order.
        Assert.Equal(Lanes.Default, host.At("maxConcurrentSessions").GetValue<int>());
        Assert.Equal(1, host.At("maxConcurrentCallsPerSession").GetValue<int>());
        Assert.Equal(0, host.At("prefetchCount").GetValue<int>());
        Assert.False(host.At("dynamicConcurrencyEnabled").GetValue<bool>());
        Assert.True(TimeSpan.Parse(host.Text("maxAutoLockRenewalDuration"), null) > failure.TransientPatience + failure.MaxBackOff);
        foreach (var subscription in predictions.By[stage].Of("Microsoft.ServiceBus/namespaces/topics/subscriptions"))
            Assert.True(subscription.At("properties", "maxDeliveryCount").GetValue<int>() > failure.MaxDeliveries * 10);
    }

    private static IEnumerable<string> Subjects(JsonNode stage) => stage.At("subjects").AsArray().Select(s => s!.GetValue<string>());

    private static IEnumerable<string> Allowed(string filter)
    {
        var list = Filter().Match(filter);
        Assert.True(list.Success, $"not of the known form: {filter}");
        return list.Groups["list"].Value.Split(", ").Select(s => s.Trim('\''));
    }

    [GeneratedRegex(@"\Asys\.Label IN \((?<list>'\w+'(, '\w+')*)\)\z")]
    private static partial Regex Filter();
}
