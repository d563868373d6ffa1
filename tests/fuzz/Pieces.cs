namespace CrmServerless.Fuzz;

/// <summary>A body that comes in pieces, and may break off as a connection does.</summary>
internal sealed class Pieces(byte[] bytes, int piece, bool breaksOff) : Stream
{
    private int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return new(Take(buffer.Span));
        }
        catch (IOException e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));

    private int Take(Span<byte> buffer)
    {
        var read = Math.Min(Math.Min(buffer.Length, piece), bytes.Length - at);
        bytes.AsSpan(at, read).CopyTo(buffer);
        at += read;
        return read > 0 || buffer.Length == 0 || !breaksOff ? read : throw new IOException("The connection was reset.");
    }
}
