using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// The body of one call in a buffer that grows with what really comes: a call that promises much and sends little costs
/// little, and a common one fits into what is taken first.
/// </summary>
internal sealed class CallbackBody : IDisposable
{
    private const int First = 4096;

    private byte[] buffer = [];
    private int length;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>False if the body is longer than <paramref name="most"/> bytes.</summary>
    public async ValueTask<bool> Read(HttpRequest request, int most, CancellationToken ct)
    {
        if (request.ContentLength > most) return false;
        do
        {
            if (length == buffer.Length) Grow();
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0) return true;
            length += read;
        }
        while (length <= most);
        return false;
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(First, buffer.Length * 2));
        Bytes.CopyTo(larger);
        Dispose();
        buffer = larger;
    }
}
