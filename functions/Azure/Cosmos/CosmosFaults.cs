using System.Globalization;
using System.Net;
using CrmServerless.Crm.Messaging;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Azure.Cosmos;

/// <summary>Which failures of Cosmos DB time heals. The SDK has tried again by itself before these come out.</summary>
/// <remarks>https://learn.microsoft.com/azure/cosmos-db/nosql/conceptual-resilient-sdk-applications</remarks>
internal static class CosmosFaults
{
    // Of a 404: this replica has not yet what the session wrote; and: there is no such container.
    private const int NotYetHere = 1002;
    private const int NoContainer = 1003;

    /// <summary>Calls, and lets through what has succeeded or has one of the statuses that the caller answers for.</summary>
    /// <exception cref="TransientException">The account cannot be reached, throttles or failed inside.</exception>
    /// <exception cref="CosmosException">Any other refusal: a mistake of ours or of the deployment.</exception>
    public static async Task<ResponseMessage> Translate(Func<Task<ResponseMessage>> call, ReadOnlyMemory<HttpStatusCode> expected, CancellationToken ct)
    {
        ResponseMessage response;
        try
        {
            response = await call();
        }
        catch (Exception e) when (IsTransient(e, ct))
        {
            throw new TransientException("Cosmos DB does not answer.", e);
        }

        if (response.IsSuccessStatusCode) return response;
        var sub = Substatus(response);
        if (expected.Span.Contains(response.StatusCode) && !(response.StatusCode == HttpStatusCode.NotFound && sub is NotYetHere or NoContainer))
            return response;
        using (response)
        {
            if (IsTransient(response.StatusCode, sub)) throw new TransientException($"Cosmos DB answers {(int)response.StatusCode}/{sub}.");
            response.EnsureSuccessStatusCode();
        }

        throw new InvalidOperationException("Not reached: the status was no success.");
    }

    /// <summary>408 and 449 ask for another try, 410 is a partition that moves, 429 a throttle.</summary>
    internal static bool IsTransient(HttpStatusCode status, int sub) => (int)status switch
    {
        404 => sub == NotYetHere,
        408 or 410 or 429 or 449 => true,
        var code => code >= 500,
    };

    internal static bool IsTransient(Exception e, CancellationToken ct) => e switch
    {
        CosmosException failed => IsTransient(failed.StatusCode, failed.SubStatusCode),
        OperationCanceledException => !ct.IsCancellationRequested,
        HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };

    private static int Substatus(ResponseMessage response) =>
        int.TryParse(response.Headers["x-ms-substatus"], NumberStyles.None, CultureInfo.InvariantCulture, out var sub) ? sub : 0;
}
