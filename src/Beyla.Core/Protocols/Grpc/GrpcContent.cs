using System.Text;

namespace Beyla.Protocols.Grpc;

/// <summary>How a request says that it is a gRPC call (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Content-Type").</summary>
internal static class GrpcContent
{
    private static ReadOnlySpan<byte> Type => "application/grpc"u8;

    /// <summary>Whether the value of a <c>content-type</c> field says so. <c>application/grpc-web</c> is another protocol, whose status is in the content.</summary>
    internal static bool IsType(ReadOnlySpan<byte> value) =>
        value.Length >= Type.Length
        && Ascii.EqualsIgnoreCase(value[..Type.Length], Type)
        && (value.Length == Type.Length || value[Type.Length] is (byte)'+' or (byte)';' or (byte)' ');
}
