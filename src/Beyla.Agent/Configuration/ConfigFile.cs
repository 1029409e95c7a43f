using System.Text;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>The configuration file as a layer of configuration.</summary>
internal static class ConfigFile
{
    /// <summary>Names the file, and wins over the flag, as in Beyla.</summary>
    internal const string PathVariable = "BEYLA_CONFIG_PATH";

    internal const string Flag = "--config";

    // Larger files are no configurations but mistakes such as a path to a log.
    private const int LargestBytes = 1024 * 1024;

    /// <summary>Takes what the file says into the settings.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">What named it, for messages.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="environment">For the variables in the file.</param>
    /// <param name="context">Takes errors, warnings and origins.</param>
    internal static void Apply(string path, string named, AgentSettings settings, IReadOnlyDictionary<string, string> environment, ReadContext context)
    {
        if (Read(path, named, context.Findings) is not { } source)
        {
            return;
        }

        var text = new ExpandedText(path, source, environment);
        foreach (var (variable, position) in text.Unset)
        {
            context.Findings.Warn(position, $"{variable} is not set, and nothing stands in its place; ${{{variable}:-default}} gives a default.");
        }

        var top = YamlReader.Read(text, context.Findings);
        if (top is MappingNode mapping)
        {
            AgentOptionTable.Tree.Read(settings, mapping, "", context);
        }
        else if (top is not null and not ScalarNode { Kind: ScalarKind.Null })
        {
            context.Findings.Error(top.Position, $"A configuration consists of keys with values, not of {top.Description}.");
        }
    }

    private static string? Read(string path, string named, Findings findings)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[LargestBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LargestBytes)
            {
                findings.Error($"{named} is '{path}': the file is larger than {LargestBytes} bytes and can't be a configuration.");
                return null;
            }

            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(WithoutMark(bytes.AsSpan(0, length)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            findings.Error($"{named} is '{path}': {Reason(exception)}.");
            return null;
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    private static string Reason(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it is a directory or may not be read by this user",
        DecoderFallbackException => "it is not a text in UTF-8",
        _ => exception.Message.TrimEnd('.').ReplaceLineEndings(" "),
    };
}
