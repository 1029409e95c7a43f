using System.Globalization;

namespace Beyla.IntegrationTests.Truth;

/// <summary>How many bytes are right: one number nearly always, a range where a broken connection leaves it open.</summary>
internal readonly record struct ByteRange(long Minimum, long Maximum)
{
    public static implicit operator ByteRange(long exact) => new(exact, exact);

    public bool Contains(long value) => value >= Minimum && value <= Maximum;

    public override string ToString() => Minimum == Maximum
        ? Minimum.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Minimum}..{Maximum}");
}
