using System.Globalization;
using System.IO.Enumeration;

namespace Beyla.Discovery.Proc;

/// <summary>
/// Those entries of a folder whose names are numbers: processes of <c>/proc</c>, descriptors of <c>fd</c>. A folder that can't
/// be read has none, and <see cref="Answer"/> says why.
/// </summary>
internal sealed class NumericEntries(string folder) : FileSystemEnumerator<int>(folder, Options)
{
    /// <summary>To skip by attribute would cost a stat(2) for each entry; what is inaccessible is an error to be told.</summary>
    private static readonly EnumerationOptions Options = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    internal ProcRead Answer { get; private set; }

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => entry.FileName is [>= '0' and <= '9', ..] && TryParse(entry, out _);

    protected override int TransformEntry(ref FileSystemEntry entry) => TryParse(entry, out var number) ? number : 0;

    protected override bool ContinueOnError(int error)
    {
        Answer = ProcFs.ReadOf(error);
        return true;
    }

    private static bool TryParse(in FileSystemEntry entry, out int number) =>
        int.TryParse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
