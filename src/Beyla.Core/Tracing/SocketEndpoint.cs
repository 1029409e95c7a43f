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

    /// <summary>Writes the address without its port as text (RFC 5952 for IPv6) without allocating for IPv4.</summary>
    /// <param name="text">At least <see cref="MaxAddressLength"/> long to fit any address.</param>
    /// <param name="length">Characters written.</param>
    /// <returns>Whether it fitted.</returns>
    public bool TryFormatAddress(Span<char> text, out int length)
    {
        if (_isIPv6)
        {
            return Address.TryFormat(text, out length);
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
}
