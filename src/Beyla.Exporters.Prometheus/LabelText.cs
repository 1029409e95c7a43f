using System.Buffers;
using System.Text;

namespace Beyla.Exporters.Prometheus;

/// <summary>Labels as the exposition format has them between the braces: <c>a="1",b="2"</c>.</summary>
internal sealed class LabelText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\\\"\n"u8);

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    internal ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    internal LabelText Clear()
    {
        _bytes.ResetWrittenCount();
        return this;
    }

    /// <summary>Adds labels that were rendered before.</summary>
    internal LabelText Add(ReadOnlySpan<byte> rendered)
    {
        Separate();
        _bytes.Write(rendered);
        return this;
    }

    /// <summary>Adds a label. One without a value is the same to Prometheus as one that is absent, and is left out.</summary>
    internal LabelText Add(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return this;
        }

        Separate();
        Encoding.UTF8.GetBytes(name, _bytes);
        _bytes.Write("=\""u8);
        WriteEscaped(_bytes, value, Escaped);
        _bytes.Write("\""u8);
        return this;
    }

    internal static void WriteEscaped(IBufferWriter<byte> output, string value, SearchValues<byte> escaped)
    {
        var room = output.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length) * 2);
        var length = Encoding.UTF8.GetBytes(value, room[(room.Length / 2)..]);
        var rest = room.Slice(room.Length / 2, length);
        var written = 0;
        while (true)
        {
            // The read position starts half the room ahead and each byte read writes at most two, so the write never overtakes it.
            var clean = rest.IndexOfAny(escaped);
            var run = clean < 0 ? rest : rest[..clean];
            run.CopyTo(room[written..]);
            written += run.Length;
            if (clean < 0)
            {
                break;
            }

            var octet = rest[clean];
            room[written++] = (byte)'\\';
            room[written++] = octet == (byte)'\n' ? (byte)'n' : octet;
            rest = rest[(clean + 1)..];
        }

        output.Advance(written);
    }

    private void Separate()
    {
        if (_bytes.WrittenCount > 0)
        {
            _bytes.Write(","u8);
        }
    }
}
