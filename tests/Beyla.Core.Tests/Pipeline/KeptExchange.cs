using System.Text;
using Beyla.Core.Tests.Protocols;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Pipeline;

/// <summary>A server exchange that can be emitted again and again.</summary>
internal sealed class KeptExchange
{
    internal KeptExchange(string path) => Value.SetText(Encoding.ASCII.GetBytes($"GET{path}"), 0, 3, path.Length, 0);

    internal HttpExchange Value { get; } = new()
    {
        Kind = SpanKind.Server,
        ProcessId = Packet.ProcessId,
        Source = Packet.Remote,
        Destination = Packet.Local,
        StartNanoseconds = 1,
        EndNanoseconds = 1_000_001,
        StatusCode = 200,
    };
}
