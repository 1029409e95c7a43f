namespace Beyla.Metrics;

/// <summary>Some of the attributes of an <see cref="InstrumentGroup"/>, by their places in <see cref="InstrumentGroup.Selectable"/>.</summary>
internal readonly record struct AttributeSet(uint Bits)
{
    internal bool Contains(int place) => (Bits & (1u << place)) != 0;

    internal AttributeSet With(int place) => new(Bits | (1u << place));

    internal AttributeSet Without(int place) => new(Bits & ~(1u << place));


}
