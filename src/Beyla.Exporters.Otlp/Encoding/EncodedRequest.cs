namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>A request that is ready to be sent.</summary>
/// <param name="Body">The protobuf message; valid until its encoder encodes again.</param>
/// <param name="Items">Spans or data points in it.</param>
internal readonly record struct EncodedRequest(ReadOnlyMemory<byte> Body, int Items);
