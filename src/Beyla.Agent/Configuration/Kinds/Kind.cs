using System.Globalization;
using Beyla.Agent.Configuration.Yaml;
using Beyla.Discovery;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>The kinds of values that options have.</summary>
internal static class Kind
{
    internal static ValueKind<bool> Bool { get; } = new SingleKind<bool>(
        "BOOL", Parsers.Bool, value => new(ScalarKind.Boolean, value ? "true" : "false"), json => SchemaType.Write(json, "boolean", "null"));

    internal static ValueKind<double> Number { get; } = new SingleKind<double>(
        "NUMBER", Parsers.Number, Shown, json => SchemaType.Write(json, "number", "null"));

    internal static ValueKind<int> Port { get; } = Integer(0, 65535, "PORT");

    internal static ValueKind<TimeSpan> Duration { get; } = DurationOf("DURATION", GoDuration.Parse);

    /// <summary>A number of milliseconds, as OpenTelemetry's variables have durations.</summary>
    internal static ValueKind<TimeSpan> Milliseconds { get; } = new SingleKind<TimeSpan>(
        "MILLISECONDS", Parsers.Milliseconds, value => Shown(value.TotalMilliseconds), json => SchemaType.Write(json, "integer"));

    /// <summary>A duration of which the unit may be left out when it is seconds.</summary>
    internal static ValueKind<TimeSpan> Seconds { get; } = DurationOf("SECONDS", Parsers.Seconds);

    internal static ValueKind<char> Sign { get; } = new SingleKind<char>(
        "SIGN", Parsers.Sign, value => new(ScalarKind.Text, value.ToString()), json => SchemaType.Write(json, "string", "null"));

    internal static ValueKind<PortSet> Ports { get; } = new SingleKind<PortSet>(
        "PORTS", Parsers.Ports, ShowPorts, json => SchemaType.Write(json, "string", "integer", "null"));

    internal static ValueKind<IReadOnlyList<int>> ProcessIds { get; } = new ListKind<int>(Integer(1, int.MaxValue, "PID"), mayBeSingle: true);

    internal static ValueKind<IReadOnlyList<double>> Buckets { get; } = new ListKind<double>(Number);

    /// <summary>An address of a server.</summary>
    internal static ValueKind<Uri?> Url { get; } = new SingleKind<Uri?>(
        "URL", Parsers.Url, url => Shown(url?.OriginalString), json => SchemaType.Write(json, "string", "null"));

    /// <summary>Any text, under the word that fits it.</summary>
    internal static ValueKind<string?> Text(string word) => new SingleKind<string?>(
        word, Parsers.Text, Shown, json => SchemaType.Write(json, "string", "number", "boolean", "null"));

    /// <summary>A list of texts.</summary>
    internal static ValueKind<IReadOnlyList<string>> Texts(string word, bool mayBeSingle = false) => new ListKind<string>(Text(word)!, mayBeSingle);

    internal static ValueKind<int> Integer(int least, int most, string word = "NUMBER") => new SingleKind<int>(
        word,
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"give a whole number from {least} to {most}"),
        value => Shown(value),
        json =>
        {
            SchemaType.Write(json, "integer", "null");
            json.WriteNumber("minimum"u8, least);
            json.WriteNumber("maximum"u8, most);
        });

    private static SingleKind<TimeSpan> DurationOf(string word, ValueParser<TimeSpan> parse) => new(
        word,
        parse,
        value => new(ScalarKind.Text, GoDuration.Format(value)),
        json =>
        {
            SchemaType.Write(json, "string", "integer", "null");
            json.WriteString("pattern"u8, GoDuration.Pattern);
        });

    private static ScalarNode Shown(string? text) => text is null ? new(ScalarKind.Null, "") : new(ScalarKind.Text, text);

    private static ScalarNode Shown(double number) => new(ScalarKind.Number, number.ToString(CultureInfo.InvariantCulture));

    private static ScalarNode ShowPorts(PortSet ports)
    {
        var text = ports.ToString();
        return ports.IsEmpty ? Shown(null) : new(text.All(char.IsAsciiDigit) ? ScalarKind.Number : ScalarKind.Text, text);
    }
}
