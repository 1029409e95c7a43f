namespace Beyla.Core.Tests.Protocols.Http1;

/// <summary>The same exchanges must come out however the bytes were cut into segments.</summary>
public sealed class Http1ScenarioTests
{
    public static TheoryData<string> Names => Scenario.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_write_by_write(string name) => Scenario.Named(name).Check(Scenario.Named(name).Conversation.ToPackets());

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_one_byte_at_a_time(string name) => Scenario.Named(name).Check(Scenario.Named(name).Conversation.OneByteEach());

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_when_split_at_any_byte(string name)
    {
        var scenario = Scenario.Named(name);
        for (var offset = 1; offset < scenario.Conversation.Bytes; offset++)
        {
            scenario.Check(scenario.Conversation.SplitAt(offset));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_in_any_two_cuts_of_every_write(string name)
    {
        var scenario = Scenario.Named(name);
        for (var first = 1; first < 60; first++)
        {
            for (var second = first + 1; second < 62; second += 3)
            {
                scenario.Check(scenario.Conversation.ToPackets(int.MaxValue, length => [0, .. new[] { first, second }.Where(cut => cut < length)]));
            }
        }
    }
}
