namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>The same exchanges must come out however the bytes were cut into segments.</summary>
public sealed class Http2ScenarioTests
{
    public static TheoryData<string> Names => Http2Scenario.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_write_by_write(string name) => Http2Scenario.Named(name).Check(Http2Scenario.Named(name).Conversation.ToPackets());

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_one_byte_at_a_time(string name) => Http2Scenario.Named(name).Check(Http2Scenario.Named(name).Conversation.OneByteEach());

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_when_split_at_any_byte(string name)
    {
        var scenario = Http2Scenario.Named(name);
        for (var offset = 1; offset < scenario.Conversation.Bytes; offset++)
        {
            scenario.Check(scenario.Conversation.SplitAt(offset));
        }
    }
}
