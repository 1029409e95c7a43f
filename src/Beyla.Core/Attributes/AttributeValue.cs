using Beyla.Tracing;

namespace Beyla.Attributes;

/// <summary>The value of an attribute as an exchange has it at hand. <c>default</c>: absent.</summary>
internal readonly ref struct AttributeValue
{
    private AttributeValue(AttributeValueKind kind) => Kind = kind;

    internal AttributeValueKind Kind { get; }

    internal ReadOnlySpan<byte> Utf8 { get; private init; }

    internal string Text { get; private init; } = "";

    internal long Number { get; private init; }

    internal SocketEndpoint Address { get; private init; }

    internal static AttributeValue Of(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? default : new(AttributeValueKind.Utf8) { Utf8 = utf8 };

    internal static AttributeValue Of(string? text) => text is null ? default : new(AttributeValueKind.Text) { Text = text };

    internal static AttributeValue Of(long? number) => number is { } value ? new(AttributeValueKind.Number) { Number = value } : default;

    internal static AttributeValue Of(SocketEndpoint address) => new(AttributeValueKind.Address) { Address = address };
}
