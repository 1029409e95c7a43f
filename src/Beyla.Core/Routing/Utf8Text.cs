using System.Buffers;
using System.Text;

namespace Beyla.Routing;

/// <summary>The UTF-8 form of a string, on the caller's stack while it fits there.</summary>
internal ref struct Utf8Text
{
    /// <summary>Size of the stack buffer that spares nearly every path a rented one.</summary>
    internal const int StackSize = 512;

    private byte[]? _rented;

    internal Utf8Text(string text, Span<byte> stack)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var buffer = longest <= stack.Length ? stack : _rented = ArrayPool<byte>.Shared.Rent(longest);
        Bytes = buffer[..Encoding.UTF8.GetBytes(text, buffer)];
    }

    internal ReadOnlySpan<byte> Bytes { get; }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
