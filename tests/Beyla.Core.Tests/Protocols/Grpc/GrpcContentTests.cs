using System.Text;
using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;

namespace Beyla.Core.Tests.Protocols.Grpc;

public sealed class GrpcContentTests
{
    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("Application/gRPC; charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpc-web+proto", false)]
    [InlineData("application/grpcx", false)]
    [InlineData("application/json", false)]
    [InlineData("application", false)]
    public void Calls_are_told_by_their_type(string type, bool isCall) => Assert.Equal(isCall, GrpcContent.IsType(Encoding.ASCII.GetBytes(type)));

    [Theory]
    [InlineData("text/event-stream", true)]
    [InlineData("Text/Event-Stream;charset=utf-8", true)]
    [InlineData("text/event-streams", false)]
    [InlineData("text/plain", false)]
    public void So_are_streams_of_events(string type, bool isStream) => Assert.Equal(isStream, EventStream.IsType(Encoding.ASCII.GetBytes(type)));
}
