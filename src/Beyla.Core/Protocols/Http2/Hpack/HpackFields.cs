namespace Beyla.Protocols.Http2.Hpack;

/// <summary>
/// What a reader of header blocks wants to know of them: which names matter, and where the fields go. Values of other names
/// are neither decoded nor kept.
/// </summary>
internal abstract class HpackFields
{
    /// <summary>A name that does not matter.</summary>
    internal const byte Other = 0;

    /// <summary>A name that is not known, because it stood in a part of the table that was not seen.</summary>
    internal const byte UnknownName = byte.MaxValue;

    /// <summary>Longest name that is told apart; longer ones do not matter.</summary>
    internal const int MaxNameBytes = 64;

    private byte[]? _staticNames;

    /// <summary>Number of the name of an entry of the static table.</summary>
    internal byte StaticName(int index)
    {
        if (_staticNames is null)
        {
            _staticNames = new byte[HpackStaticTable.Count + 1];
            for (var i = 1; i < _staticNames.Length; i++)
            {
                _staticNames[i] = NameOf(HpackStaticTable.Name(i));
            }
        }

        return _staticNames[index];
    }

    /// <summary>Number of a name, not <see cref="UnknownName"/>; <see cref="Other"/> when it does not matter. Always the same for the same name.</summary>
    internal abstract byte NameOf(ReadOnlySpan<byte> name);

    /// <summary>A field whose name matters.</summary>
    /// <param name="name">Its number.</param>
    /// <param name="value">Valid only inside the call.</param>
    internal abstract void OnField(byte name, ReadOnlySpan<byte> value);

    /// <summary>A field of which the value, or the name as well, is not known.</summary>
    /// <param name="name">Its number, or <see cref="UnknownName"/>.</param>
    internal abstract void OnUnknown(byte name);

    /// <summary>A field that is known and does not matter.</summary>
    internal abstract void OnOther();
}
