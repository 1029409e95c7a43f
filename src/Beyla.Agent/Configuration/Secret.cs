using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>Keeps passwords and tokens out of what is printed.</summary>
internal static class Secret
{
    internal const string Mask = "***";

    /// <summary>The same without user and password of a URL, which a message would repeat when the URL is wrong.</summary>
    internal static string WithoutPassword(string text)
    {
        var at = text.LastIndexOf('@');
        var start = text.IndexOf("//", StringComparison.Ordinal) + 2;
        return start >= 2 && at > start ? $"{text[..start]}{Mask}{text[at..]}" : text;
    }

    /// <summary>The same with each value replaced by <see cref="Mask"/>; names stay.</summary>
    internal static ConfigNode Hide(ConfigNode node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Null } => node,
        SequenceNode list => new SequenceNode([.. list.Items.Select(Hide)]),
        MappingNode mapping => new MappingNode([.. mapping.Entries.Select(entry => entry with { Value = Hide(entry.Value) })]),
        _ => new ScalarNode(ScalarKind.Text, Mask),
    };
}
