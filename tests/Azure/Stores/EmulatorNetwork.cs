using System.Net;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>
/// The network to the Cosmos DB emulator, whose certificate nobody signed. It adds what the emulator leaves out of
/// queries, and can answer instead of it.
/// </summary>
public sealed class EmulatorNetwork : HttpClientHandler
{
    public EmulatorNetwork() => ServerCertificateCustomValidationCallback = DangerousAcceptAnyServerCertificateValidator;

    /// <summary>Answers a request about documents instead of the emulator, unless it returns null; may throw.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Answer { get; set; }

    public static HttpResponseMessage Refusal(HttpStatusCode status, int sub = 0)
    {
        var refusal = new HttpResponseMessage(status) { Content = new StringContent("{}") };
        refusal.Headers.Add("x-ms-substatus", $"{sub}");
        return refusal;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var instead = request.RequestUri!.AbsolutePath.Contains("/docs", StringComparison.Ordinal) ? Answer?.Invoke(request) : null;
        if (instead is null && request.Headers.Contains("x-ms-cosmos-is-query-plan-request"))
            instead = QueryPlan.Of(await request.Content!.ReadAsStringAsync(cancellationToken));
        if (instead is not null)
        {
            instead.RequestMessage = request;
            return instead;
        }

        var response = await base.SendAsync(request, cancellationToken);
        // It trips over a document that is not there.
        if (request.Method == HttpMethod.Get && response.StatusCode == HttpStatusCode.InternalServerError) response.StatusCode = HttpStatusCode.NotFound;
        // It has one physical partition, so nothing ever has to be put together from several.
        if (request.Headers.Contains("x-ms-cosmos-query-optimisticdirectexecute"))
            response.Headers.Add("x-ms-cosmos-query-requiresdistribution", "False");
        // Equal ones come in the order of their _rid, upwards whatever the direction; the SDK resumes by it.
        if (request.Headers.Contains("x-ms-documentdb-isquery"))
            response.Headers.Add("x-ms-cosmos-query-execution-info", """{"reverseRidEnabled":false,"reverseIndexScan":false}""");
        return response;
    }
}
