using System.Buffers;
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
        var arrived = 0L;
        try
        {
            while (true)
            {
                var next = body.ReadAsync(CancellationToken.None);
                // Most bodies are there at once, and need no timer.
                if (!next.IsCompleted) waiting ??= unfinished.Add(body, (int)arrived);
                var read = await next;
                arrived = read.Buffer.Length;
                if (!read.IsCanceled && !read.IsCompleted && arrived <= MaxBytes)
                {
                    body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (waiting is not null) unfinished.Grew(waiting, (int)arrived);
                    continue;
                }

                var status = read.IsCanceled || (waiting is not null && !unfinished.TryRemove(waiting)) ? 408 : arrived > MaxBytes ? 413 : 200;
                var whole = status == 200 ? Copy(read.Buffer) : new(status);
                // Also of what is refused: the server reads on from here.
                body.AdvanceTo(read.Buffer.End);
                return whole;
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

    private static CallbackBody Copy(ReadOnlySequence<byte> buffer)
    {
        var length = (int)buffer.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(rented);
        return new(200, rented, length);
    }
}
