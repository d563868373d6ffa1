using System.Diagnostics.Metrics;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Azure.Cosmos;

/// <summary>The request units that Cosmos DB charged, by collection and operation: what the bill is made of.</summary>
/// <remarks>https://learn.microsoft.com/azure/cosmos-db/request-units</remarks>
internal static class CosmosCharge
{
    private static readonly Meter Meter = new(CosmosDocuments.MeterName);

    private static readonly Histogram<double> Charge =
        Meter.CreateHistogram<double>("crm.cosmos.charge", "{RU}", "Request units a call to Cosmos DB was charged.");

    public static void Record(string collection, string operation, ResponseMessage response) =>
        Charge.Record(response.Headers.RequestCharge, new("collection", collection), new("operation", operation));
}
