using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace CrmServerless.Tests.Azure.App;

/// <summary>
/// The context that the worker hands to a trigger, with the binding data that the Functions host makes of a message: its
/// broker properties as text, and over them the top-level JSON properties of a body that is bound as text.
/// https://github.com/Azure/azure-functions-host, WorkerFunctionInvoker.ApplyBindingData
/// </summary>
public sealed class Invocation : FunctionContext
{
    public Invocation(IReadOnlyDictionary<string, object?> bindingData) => BindingContext = new Data(bindingData);

    public override BindingContext BindingContext { get; }

    public override string InvocationId => "invocation";

    public override string FunctionId => "function";

    public override TraceContext TraceContext => throw new NotSupportedException();

    public override RetryContext RetryContext => throw new NotSupportedException();

    public override IServiceProvider InstanceServices { get; set; } = null!;

    public override FunctionDefinition FunctionDefinition => throw new NotSupportedException();

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => throw new NotSupportedException();

    /// <summary>Delivers messages to a trigger as the host does, whatever it binds the body as.</summary>
    public static Task Deliver(object triggers, MethodInfo trigger, IReadOnlyList<(byte[] Body, int Count)> messages, CancellationToken ct = default)
    {
        var parameter = trigger.GetParameters().Single(p => p.GetCustomAttribute<ServiceBusTriggerAttribute>() is not null);
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        object value;
        if (parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()!.IsBatched)
        {
            value = messages.Select(m => m.Body).ToArray();
            data["DeliveryCountArray"] = JsonSerializer.Serialize(messages.Select(m => m.Count));
            data["MessageIdArray"] = JsonSerializer.Serialize(messages.Select((_, n) => $"broker-{n}"));
        }
        else
        {
            var (body, count) = Assert.Single(messages);
            data["DeliveryCount"] = count.ToString(CultureInfo.InvariantCulture);
            data["MessageId"] = "broker-0";
            value = parameter.ParameterType == typeof(string) ? System.Text.Encoding.UTF8.GetString(body) : body;
            if (value is string text)
                foreach (var property in JsonDocument.Parse(text).RootElement.EnumerateObject()) data[property.Name] = property.Value.ToString();
        }

        return (Task)trigger.Invoke(triggers, [value, new Invocation(data), ct])!;
    }

    private sealed class Data(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }
}
