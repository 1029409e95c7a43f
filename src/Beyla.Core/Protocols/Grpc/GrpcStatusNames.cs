using System.Globalization;

namespace Beyla.Protocols.Grpc;

/// <summary>The status codes of gRPC (https://github.com/grpc/grpc/blob/master/doc/statuscodes.md) and their names.</summary>
internal static class GrpcStatusNames
{
    internal const int Ok = 0;
    internal const int Cancelled = 1;
    internal const int Unknown = 2;
    internal const int DeadlineExceeded = 4;
    internal const int PermissionDenied = 7;
    internal const int ResourceExhausted = 8;
    internal const int Unimplemented = 12;
    internal const int Internal = 13;
    internal const int Unavailable = 14;
    internal const int DataLoss = 15;

    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
        "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <summary>What stands for a code in text: its name, or its digits if it has none; <see langword="null"/> when it is not known.</summary>
    internal static string? TextOf(int? code) => code is { } known ? Of(known) ?? known.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>The name of a code; <see langword="null"/> for one that gRPC does not define.</summary>
    internal static string? Of(int code) => (uint)code < (uint)Names.Length ? Names[code] : null;
}
