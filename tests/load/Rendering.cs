using System.Text;

namespace CrmServerless.Load;

/// <summary>Appends to a byte buffer that is used again and again, so that the generator allocates nothing a callback.</summary>
internal ref struct Rendering(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[_length..]);
        _length += bytes.Length;
    }

    public void Add(string text) => _length += Encoding.UTF8.GetBytes(text, _buffer[_length..]);

    public void Add(long number)
    {
        number.TryFormat(_buffer[_length..], out var written, default, null);
        _length += written;
    }
}
