using System.Globalization;
using System.IO.Enumeration;

namespace Beyla.Discovery.Proc;

/// <summary>Those entries of a folder whose names are numbers: processes of <c>/proc</c>, descriptors of <c>fd</c>. A folder that can't be read has none.</summary>
internal sealed class NumericEntries(string folder) : FileSystemEnumerator<int>(folder, Options)
{
    /// <summary>To skip by attribute would cost a stat(2) for each entry.</summary>
    private static readonly EnumerationOptions Options = new() { AttributesToSkip = 0 };

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => entry.FileName is [>= '0' and <= '9', ..] && TryParse(entry, out _);

    protected override int TransformEntry(ref FileSystemEntry entry) => TryParse(entry, out var number) ? number : 0;

    protected override bool ContinueOnError(int error) => true;

    private static bool TryParse(in FileSystemEntry entry, out int number) =>
        int.TryParse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
