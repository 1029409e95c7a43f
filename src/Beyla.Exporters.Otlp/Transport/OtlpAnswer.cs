using System.Globalization;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>The answer to one attempt.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Explanation">In words, with the way out where there is one; empty when all went well.</param>
/// <param name="RetryAfter">How long the collector asks to wait.</param>
/// <param name="RejectedItems">Items of an accepted request that the collector did not take.</param>
/// <param name="Error">What went wrong in one word, for the account: <c>timeout</c>, <c>connection</c>, <c>http_503</c>, <c>grpc_14</c>; empty when all went well.</param>
internal readonly record struct OtlpAnswer(OtlpOutcome Outcome, string Explanation = "", TimeSpan? RetryAfter = null, long RejectedItems = 0, string Error = "")
{
    /// <summary>The word for a status, of which a strange collector can make up no new ones.</summary>
    internal static string ErrorOfHttp(int status) => status is >= 100 and <= 599 ? string.Create(CultureInfo.InvariantCulture, $"http_{status}") : "http_other";

    /// <summary>The word for a status of gRPC.</summary>
    internal static string ErrorOfGrpc(int status) => status is >= 0 and <= 16 ? string.Create(CultureInfo.InvariantCulture, $"grpc_{status}") : "grpc_other";
}
