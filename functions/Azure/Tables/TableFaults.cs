using Azure;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Azure.Tables;

/// <summary>Which failures of Table storage time heals. The SDK has tried again by itself before these come out.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes</remarks>
internal static class TableFaults
{
    /// <summary>True for the entity, not its table: a missing table is a mistake of the deployment and must be heard.</summary>
    public static bool NoSuchRow(RequestFailedException e) => e is { Status: 404, ErrorCode: "ResourceNotFound" or "EntityNotFound" };

    /// <exception cref="TransientException">The store cannot be reached, is throttled or failed inside.</exception>
    public static async Task<T> Translate<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (IsTransient(e, ct))
        {
            throw new TransientException("Table storage does not answer.", e);
        }
    }

    internal static bool IsTransient(Exception e, CancellationToken ct) => e switch
    {
        // 0: no answer at all.
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        // What the SDK throws after its last try.
        AggregateException all => all.InnerExceptions.All(one => IsTransient(one, ct)),
        OperationCanceledException => !ct.IsCancellationRequested,
        HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };
}
