using System.Text;
using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Wants every field and gives numbers to names as they come. A name that begins with <c>x-</c> does not matter.</summary>
internal sealed class HeaderCollector : HpackFields
{
    internal const string Unknown = "?";

    private readonly List<string> _names = [""];

    internal List<(string Name, string Value)> Fields { get; } = [];

    /// <summary>Fields that do not matter.</summary>
    internal int Others { get; private set; }

    internal override byte NameOf(ReadOnlySpan<byte> name)
    {
        var text = Encoding.Latin1.GetString(name);
        if (text.StartsWith("x-", StringComparison.Ordinal))
        {
            return Other;
        }

        var number = _names.IndexOf(text);
        if (number < 0)
        {
            number = _names.Count;
            _names.Add(text);
        }

        return (byte)number;
    }

    internal override void OnField(byte name, ReadOnlySpan<byte> value) => Fields.Add((_names[name], Encoding.Latin1.GetString(value)));

    internal override void OnUnknown(byte name) => Fields.Add((name == UnknownName ? Unknown : _names[name], Unknown));

    internal override void OnOther() => Others++;
}
