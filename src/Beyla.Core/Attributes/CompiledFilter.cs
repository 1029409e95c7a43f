using System.Buffers;
using System.Text;
using Beyla.Discovery.Selection;
using Beyla.Tracing;

namespace Beyla.Attributes;

/// <summary>An <see cref="AttributeFilter"/> made ready. Allocates nothing, whatever the value.</summary>
internal sealed class CompiledFilter
{
    private const int StackSize = 512;
    private const int MaxDigits = 20;

    private readonly AttributeFilter _filter;
    private readonly Glob? _match;
    private readonly Glob? _notMatch;

    /// <exception cref="ArgumentException">The filter does not pass its validation.</exception>
    internal CompiledFilter(AttributeFilter filter)
    {
        _filter = filter;
        Attribute = KnownAttributes.FindFilterable(filter.Attribute)?.Filter ?? throw new ArgumentException($"No attribute '{filter.Attribute}' can be filtered by.", nameof(filter));
        _match = Compile(filter.Match);
        _notMatch = Compile(filter.NotMatch);
    }

    internal ExchangeAttribute Attribute { get; }

    internal bool Holds(in AttributeValue value) => HoldsForNumber(value) && HoldsForText(value);

    private static Glob? Compile(string? pattern) => pattern is null ? null
        : Glob.TryCompile(pattern, out var glob, out var problem) ? glob
        : throw new ArgumentException($"'{pattern}': {problem}", nameof(pattern));

    private bool HoldsForNumber(in AttributeValue value)
    {
        if (!_filter.ComparesNumbers)
        {
            return true;
        }

        // NaN fails every comparison but "is not".
        var number = value.Kind == AttributeValueKind.Number ? value.Number : double.NaN;
        return (_filter.EqualTo is not { } equal || number == equal)
            && (_filter.NotEqualTo is not { } unequal || number != unequal)
            && (_filter.GreaterThan is not { } above || number > above)
            && (_filter.GreaterOrEqual is not { } least || number >= least)
            && (_filter.LessThan is not { } below || number < below)
            && (_filter.LessOrEqual is not { } most || number <= most);
    }

    private bool HoldsForText(in AttributeValue value)
    {
        if (_match is null && _notMatch is null)
        {
            return true;
        }

        switch (value.Kind)
        {
            case AttributeValueKind.Utf8:
                return HoldsForUtf8(value.Utf8);
            case AttributeValueKind.Text:
                return HoldsForText(value.Text);
            case AttributeValueKind.Number:
                Span<char> digits = stackalloc char[MaxDigits];
                value.Number.TryFormat(digits, out var length);
                return HoldsForText(digits[..length]);
            case AttributeValueKind.Address:
                Span<char> address = stackalloc char[SocketEndpoint.MaxAddressLength];
                value.Address.TryFormatAddress(address, out length);
                return HoldsForText(address[..length]);
            default:
                return HoldsForText("");
        }
    }

    private bool HoldsForUtf8(ReadOnlySpan<byte> utf8)
    {
        var rented = utf8.Length > StackSize ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        var text = rented ?? stackalloc char[StackSize];
        var holds = HoldsForText(text[..Encoding.UTF8.GetChars(utf8, text)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return holds;
    }

    private bool HoldsForText(ReadOnlySpan<char> text) => _match?.IsMatch(text) != false && _notMatch?.IsMatch(text) != true;
}
