using System.Text.RegularExpressions;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Discovery.Selection;

/// <summary>A <see cref="ProcessSelector"/> made ready to match. Immutable; a path of length 0 is unknown and fits no name.</summary>
internal sealed class CompiledSelector
{
    private readonly Regex? _name;
    private readonly Glob? _glob;
    private readonly Glob? _arguments;
    private readonly Glob[] _languages;
    private readonly HashSet<int> _processIds;

    /// <exception cref="ArgumentException">The selector does not pass its validation.</exception>
    internal CompiledSelector(ProcessSelector selector, string section)
    {
        var errors = new List<string>();
        selector.Validate(section, errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(selector));
        }

        var parts = new List<string>();
        if (!string.IsNullOrEmpty(selector.ExecutableName) && NamePattern.TryCompile(selector.ExecutableName, out _name, out _))
        {
            parts.Add($"executable name ~ '{selector.ExecutableName}'");
        }

        if (!string.IsNullOrEmpty(selector.ExecutableGlob) && Glob.TryCompile(selector.ExecutableGlob, out _glob, out _))
        {
            parts.Add($"executable like '{selector.ExecutableGlob}'");
        }

        if (!string.IsNullOrEmpty(selector.CommandLineGlob) && Glob.TryCompile(selector.CommandLineGlob, out _arguments, out _))
        {
            parts.Add($"arguments like '{selector.CommandLineGlob}'");
        }

        _languages = [.. selector.Languages.Select(language => Glob.TryCompile(language, out var glob, out _) ? glob : throw new ArgumentException(language, nameof(selector)))];
        if (_languages.Length > 0)
        {
            parts.Add($"language {string.Join(',', selector.Languages)}");
        }

        Ports = selector.OpenPorts;
        if (!Ports.IsEmpty)
        {
            parts.Add($"port {Ports}");
        }

        _processIds = [.. selector.ProcessIds];
        if (_processIds.Count > 0)
        {
            parts.Add($"process id {string.Join(',', selector.ProcessIds)}");
        }

        Description = string.Join(" and ", parts);
        ServiceName = NullIfEmpty(selector.ServiceName);
        ServiceNamespace = NullIfEmpty(selector.ServiceNamespace);
        Routes = selector.Routes is null ? null : new RouteRules(selector.Routes);
        Sampler = selector.Sampler;
        Exports = selector.Exports;
    }

    internal string Description { get; }

    internal PortSet Ports { get; }

    internal string? ServiceName { get; }

    internal string? ServiceNamespace { get; }

    internal RouteRules? Routes { get; }

    internal Sampler? Sampler { get; }

    internal SignalExports? Exports { get; }

    internal bool NeedsPath => _name is not null || _glob is not null;

    /// <summary>Whether there are criteria other than ports.</summary>
    internal bool HasIdentity => NeedsPath || NeedsDetails || _processIds.Count > 0;

    /// <summary>Whether there are criteria that have to be read from the process.</summary>
    internal bool NeedsDetails => _arguments is not null || NeedsLanguage;

    internal bool NeedsLanguage => _languages.Length > 0;

    /// <summary>Whether all criteria but the ports hold.</summary>
    internal bool FitsIdentity(int pid, ReadOnlySpan<char> path, IProcessDetails details) =>
        FitsButForLanguage(pid, path, details) && (!NeedsLanguage || FitsLanguage(details.Language(pid, path)));

    /// <summary>Whether all criteria but the ports and the language hold.</summary>
    internal bool FitsButForLanguage(int pid, ReadOnlySpan<char> path, IProcessDetails details) =>
        (_processIds.Count == 0 || _processIds.Contains(pid))
        && (_name is null || (!path.IsEmpty && _name.IsMatch(path)))
        && (_glob is null || (!path.IsEmpty && _glob.IsMatch(path)))
        && (_arguments is null || (details.Arguments(pid) is { } arguments && _arguments.IsMatch(arguments)));

    internal bool FitsPorts(ReadOnlySpan<int> ports)
    {
        if (Ports.IsEmpty)
        {
            return true;
        }

        foreach (var port in ports)
        {
            if (Ports.Contains(port))
            {
                return true;
            }
        }

        return false;
    }

    private bool FitsLanguage(string language)
    {
        foreach (var glob in _languages)
        {
            if (glob.IsMatch(language))
            {
                return true;
            }
        }

        return false;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
