using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Capture;

/// <summary>How spans are compared with the truth where everything of an exchange is to be right.</summary>
internal static class CaptureComparison
{
    /// <summary>The content of a chunked message is known as long as each chunk's header was copied; beyond the copy it is unknown, not guessed.</summary>
    public static ComparisonOptions Exact { get; } = new()
    {
        MayBeUnknown = new Dictionary<TruthField, string>
        {
            [TruthField.RequestBytes] = "chunks beyond the copy",
            [TruthField.ResponseBytes] = "chunks beyond the copy",
        },
    };
}
