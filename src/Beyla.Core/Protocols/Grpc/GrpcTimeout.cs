namespace Beyla.Protocols.Grpc;

/// <summary>The <c>grpc-timeout</c> field: how long the caller waits (PROTOCOL-HTTP2.md, "Timeout").</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>The time in nanoseconds; 0 for a value that is not valid.</summary>
    internal static long Parse(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 2 or > MaxDigits + 1)
        {
            return 0;
        }

        var amount = 0L;
        foreach (var digit in value[..^1])
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return 0;
            }

            amount = (amount * 10) + digit - '0';
        }

        long unit = value[^1] switch
        {
            (byte)'H' => 3_600_000_000_000,
            (byte)'M' => 60_000_000_000,
            (byte)'S' => 1_000_000_000,
            (byte)'m' => 1_000_000,
            (byte)'u' => 1_000,
            (byte)'n' => 1,
            _ => 0,
        };
        return unit != 0 && amount > long.MaxValue / unit ? long.MaxValue : amount * unit;
    }
}
