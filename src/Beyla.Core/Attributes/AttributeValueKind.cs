namespace Beyla.Attributes;

/// <summary>Which property of an <see cref="AttributeValue"/> holds it.</summary>
internal enum AttributeValueKind : byte
{
    Absent,
    Utf8,
    Text,
    Number,
    Address,
}
