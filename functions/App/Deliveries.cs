using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace CrmServerless.Functions;

/// <summary>What the broker says of a delivery. What a fact is stands in its envelope; nothing else is read from here.</summary>
public static class Deliveries
{
    /// <summary>As often as Service Bus delivers a message at all.</summary>
    private const int Most = 500;

    extension(FunctionContext context)
    {
        /// <summary>
        /// Which delivery it is, from 1; of a batch the greatest. Without a word of the host it is 1: a fact is then tried
        /// too often instead of given up too soon, until the broker gives it up.
        /// </summary>
        public int DeliveryCount
        {
            get
            {
                var data = context.BindingContext.BindingData;
                var counts = Counts(data.GetValueOrDefault("DeliveryCountArray")) ?? Counts(data.GetValueOrDefault("DeliveryCount"));
                return Math.Clamp(counts?.DefaultIfEmpty(1).Max() ?? 1, 1, Most);
            }
        }
    }

    // The host sends it as text or as JSON, depending on what it was.
    private static int[]? Counts(object? value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text
                ? text.StartsWith('[') ? JsonSerializer.Deserialize<int[]>(text) : [JsonSerializer.Deserialize<int>(text)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
