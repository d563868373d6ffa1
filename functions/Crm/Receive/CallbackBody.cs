using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// The whole body of a call, or the status that refuses it. Until a body is whole it stays where the server put it, so
/// that a call of which nothing has arrived costs nothing here.
/// </summary>
internal readonly struct CallbackBody : IDisposable
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBytes = 128 * 1024;

    private readonly byte[]? rented;
    private readonly int length;

    private CallbackBody(int status, byte[]? rented = null, int length = 0) => (Status, this.rented, this.length) = (status, rented, length);

    /// <summary>200 if the body is whole.</summary>
    public int Status { get; }

    public ReadOnlySpan<byte> Bytes => rented.AsSpan(0, length);

    /// <summary>Reads a body; never throws for what the caller does.</summary>
    public static async ValueTask<CallbackBody> Read(HttpContext http, UnfinishedBodies unfinished)
    {
        if (http.Request.ContentLength > MaxBytes) return new(413);
        var body = http.Request.BodyReader;
        UnfinishedBody? waiting = null;
        try
        {
            while (true)
            {
                var next = body.ReadAsync(CancellationToken.None);
                // Most bodies are there at once, and need no timer.
                if (!next.IsCompleted) waiting ??= unfinished.Add(body);
                var read = await next;
                if (read.IsCanceled) return new(408);
                var arrived = read.Buffer.Length;
                if (arrived > MaxBytes) return new(413);
                if (read.IsCompleted) return waiting is null || unfinished.TryRemove(waiting) ? Whole(read.Buffer, body) : new(408);
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (waiting is not null) unfinished.Grew(waiting, (int)arrived);
            }
        }
        catch (BadHttpRequestException e)
        {
            // Broken chunks, or slower than the server's own least rate.
            return new(e.StatusCode is 408 or 413 ? e.StatusCode : 400);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return new(400); // hung up: nobody hears it
        }
        finally
        {
            if (waiting is not null) unfinished.TryRemove(waiting);
        }
    }

    public void Dispose()
    {
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }

    private static CallbackBody Whole(ReadOnlySequence<byte> buffer, PipeReader body)
    {
        var length = (int)buffer.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(rented);
        body.AdvanceTo(buffer.End);
        return new(200, rented, length);
    }
}
