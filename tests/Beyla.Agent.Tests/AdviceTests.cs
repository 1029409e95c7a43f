using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Beyla.Agent.Configuration.Table;
using Beyla.Capture.Abi;
using Beyla.Discovery;

namespace Beyla.Agent.Tests;

/// <summary>Who runs the agent has a file and no code: advice that names a property of the library names the agent's key as well.</summary>
public sealed partial class AdviceTests
{
    [Fact]
    public void Limitations_name_the_keys_of_the_agent() => ExpectKeys(AllLimitations());

    [Theory]
    [InlineData("internal-metrics.md")]
    [InlineData("tls.md")]
    public void Documents_that_agents_point_to_name_the_keys_of_the_agent(string name) => ExpectKeys(Document(name));

    private static void ExpectKeys(IReadOnlyCollection<string> sentences)
    {
        Assert.Contains(sentences, static sentence => Property().IsMatch(sentence));
        Assert.All(sentences, static sentence => Assert.All(Property().Matches(sentence), property =>
        {
            var option = AgentOptionTable.Tree.Options.FirstOrDefault(option => option.Member == property.Value);
            Assert.True(option is null || sentence.Contains(option.Key, StringComparison.Ordinal), $"{option?.Key} is not named: {sentence}");
        }));
    }

    private static ImmutableArray<string> AllLimitations()
    {
        var kernel = new long[(int)KernelCounter.Max];
        Array.Fill(kernel, 1);
        var discovery = new DiscoveryCounters();
        discovery.CountUnreadable();
        discovery.CountHidden(1);
        return SessionLimitations.Of(kernel, discovery);
    }

    // A sentence may go on in the next line.
    private static string[] Document(string name, [CallerFilePath] string caller = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "docs", name)).Split(["\n\n", "\n|", "\n- "], StringSplitOptions.None);

    [GeneratedRegex(@"\b(Capture|Discovery)\.\w+")]
    private static partial Regex Property();
}
