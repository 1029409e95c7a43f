using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Beyla.Tracing;

/// <summary>An IP address and TCP port as a value; IPv4-mapped IPv6 addresses are normalised to IPv4. Costs no allocation until it is printed.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SocketEndpoint
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly bool _isIPv6;

    /// <summary>Makes an endpoint of the address bytes in network order.</summary>
    /// <param name="address">4 bytes (IPv4) or 16 bytes (IPv6; an IPv4-mapped address becomes IPv4).</param>
    /// <param name="port">TCP port in host order.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is neither 4 nor 16 bytes long.</exception>
    public SocketEndpoint(ReadOnlySpan<byte> address, int port)
    {
        Port = port;
        switch (address.Length)
        {
            case 4:
                _low = BitConverter.ToUInt32(address);
                break;
            case 16 when BitConverter.ToUInt64(address) == 0 && BitConverter.ToUInt32(address[8..]) == 0xffff0000:
                _low = BitConverter.ToUInt32(address[12..]);
                break;
            case 16:
                _high = BitConverter.ToUInt64(address);
                _low = BitConverter.ToUInt64(address[8..]);
                _isIPv6 = true;
                break;
            default:
                throw new ArgumentException($"An address has 4 or 16 bytes, not {address.Length}.", nameof(address));
        }
    }

    /// <summary>TCP port, host order.</summary>
    public int Port { get; }

    /// <summary>The address. Allocates; meant for output.</summary>
    public IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BitConverter.TryWriteBytes(bytes, _isIPv6 ? _high : _low);
            BitConverter.TryWriteBytes(bytes[8..], _low);
            return _isIPv6 ? new IPAddress(bytes) : new IPAddress(bytes[..4]);
        }
    }

    /// <summary>Most characters of an address in text.</summary>
    public const int MaxAddressLength = 46; // INET6_ADDRSTRLEN

    /// <summary>Writes the address without its port as text (RFC 5952 for IPv6), as a rule without allocating.</summary>
    /// <param name="text">At least <see cref="MaxAddressLength"/> long to fit any address.</param>
    /// <param name="length">Characters written.</param>
    /// <returns>Whether it fitted.</returns>
    public bool TryFormatAddress(Span<char> text, out int length)
    {
        if (_isIPv6)
        {
            // IPv6 addresses that contain IPv4 ones are rare and written in a way of their own.
            return ContainsIPv4 ? Address.TryFormat(text, out length) : TryFormatIPv6(text, out length);
        }

        length = 0;
        for (var i = 0; i < 4; i++)
        {
            if (i > 0)
            {
                if (length == text.Length)
                {
                    return false;
                }

                text[length++] = '.';
            }

            if (!((byte)(_low >> (8 * i))).TryFormat(text[length..], out var digits))
            {
                return false;
            }

            length += digits;
        }

        return true;
    }

    /// <summary><c>127.0.0.1:8080</c> or <c>[::1]:8080</c>.</summary>
    public override string ToString() => _isIPv6
        ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    // ::/64, where ::1.2.3.4 and the like are, and the interface ids of ISATAP (RFC 5214 §6.1).
    private bool ContainsIPv4 => _high == 0 || ((uint)_low & 0xfffffffd) == 0xfe5e0000;

    private bool TryFormatIPv6(Span<char> text, out int length)
    {
        length = 0;
        var (zerosBegin, zerosEnd) = LongestZeros();
        for (var i = 0; i < 8; i++)
        {
            if (i == zerosBegin)
            {
                if (!"::".TryCopyTo(text[length..]))
                {
                    return false;
                }

                length += 2;
                i = zerosEnd - 1;
                continue;
            }

            if (i > 0 && i != zerosEnd)
            {
                if (length == text.Length)
                {
                    return false;
                }

                text[length++] = ':';
            }

            if (!Group(i).TryFormat(text[length..], out var digits, "x", CultureInfo.InvariantCulture))
            {
                return false;
            }

            length += digits;
        }

        return true;
    }

    /// <summary>The first of the longest runs of at least two zero groups, which is written <c>::</c>; past the end when there is none.</summary>
    private (int Begin, int End) LongestZeros()
    {
        var (begin, end) = (8, 8);
        for (var i = 0; i < 8; i++)
        {
            var first = i;
            while (i < 8 && Group(i) == 0)
            {
                i++;
            }

            if (i - first >= 2 && i - first > end - begin)
            {
                (begin, end) = (first, i);
            }
        }

        return (begin, end);
    }

    // The words hold the address as it is in memory, most significant byte first.
    private ushort Group(int index) => BinaryPrimitives.ReverseEndianness((ushort)((index < 4 ? _high : _low) >> (16 * (index & 3))));
}
