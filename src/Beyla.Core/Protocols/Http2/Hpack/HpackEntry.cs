namespace Beyla.Protocols.Http2.Hpack;

/// <summary>An entry of the dynamic table, as far as it matters to an observer.</summary>
internal struct HpackEntry
{
    /// <summary>Number of the name (<see cref="HpackFields.NameOf"/>).</summary>
    internal byte Name;

    /// <summary>Whether the value is held by the table. It is not when nobody asks for it, and when it is not known.</summary>
    internal bool HasValue;

    /// <summary>Bytes of the name.</summary>
    internal int NameLength;

    /// <summary>Bytes of the value, whether held or not.</summary>
    internal int ValueLength;

    /// <summary>Where a held value begins.</summary>
    internal int ValueOffset;

    /// <summary>Size by RFC 7541 §4.1.</summary>
    internal readonly int Size => NameLength + ValueLength + HpackDynamicTable.EntryOverhead;

    internal readonly int HeldBytes => HasValue ? ValueLength : 0;
}
