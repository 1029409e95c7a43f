using System.Globalization;
using System.Text.RegularExpressions;

namespace Beyla.IntegrationTests.Capture;

/// <summary>What came back for bytes that need not be a request.</summary>
/// <param name="SourcePort">The client's port.</param>
/// <param name="Text">All bytes that came, as Latin-1.</param>
internal sealed partial record RawAnswer(int SourcePort, string Text)
{
    /// <summary>The statuses that the server really sent.</summary>
    public IReadOnlyList<int> Statuses { get; } =
        [.. StatusLine().Matches(Text).Select(static match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"HTTP/1\.[01] (\d{3})")]
    private static partial Regex StatusLine();
}
