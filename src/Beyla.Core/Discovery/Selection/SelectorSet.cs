using System.Globalization;
using Beyla.Discovery.Services;

namespace Beyla.Discovery.Selection;

/// <summary>All selectors and exclusions of a session: tells of a process whether it is selected. Immutable, for any thread.</summary>
internal sealed class SelectorSet
{
    private const int InitProcessId = 1;

    private readonly IProcessDetails _details;
    private readonly CompiledSelector[] _selectors;
    private readonly CompiledSelector[] _exclusions;
    private readonly bool _useDefaultExclusions;
    private readonly bool _instrumentSelf;
    private readonly int _ownProcessId;

    /// <exception cref="ArgumentException">A selector does not pass its validation.</exception>
    internal SelectorSet(DiscoveryOptions options, int ownProcessId, IProcessDetails details)
    {
        _details = details;
        _selectors = Compile(options.Selectors, nameof(options.Selectors));
        _exclusions = Compile(options.Exclusions, nameof(options.Exclusions));
        _useDefaultExclusions = options.UseDefaultExclusions;
        _instrumentSelf = options.InstrumentSelf;
        _ownProcessId = ownProcessId;
        foreach (var selector in _selectors)
        {
            Ports = Ports.Union(selector.Ports);
            NeedsPaths |= selector.NeedsPath;
            NeedsExecEvents |= (selector.NeedsPath || selector.NeedsDetails) && selector.Ports.IsEmpty;
        }
    }

    /// <summary>The ports that any selector asks for.</summary>
    internal PortSet Ports { get; }

    /// <summary>Whether any selector looks at executables.</summary>
    internal bool NeedsPaths { get; }

    /// <summary>Whether an exec alone can select a process: only then need the kernel report each one.</summary>
    internal bool NeedsExecEvents { get; }

    internal SelectorMatch? Match(int pid, ReadOnlySpan<char> path, ReadOnlySpan<int> ports)
    {
        CompiledSelector? last = null;
        string? name = null;
        string? space = null;
        var settings = ProcessSettings.Default;
        foreach (var selector in _selectors)
        {
            if (selector.FitsPorts(ports) && selector.FitsIdentity(pid, path, _details))
            {
                last = selector;
                name = selector.ServiceName ?? name;
                space = selector.ServiceNamespace ?? space;
                settings = new(selector.Routes ?? settings.Routes, selector.Sampler ?? settings.Sampler, selector.Exports ?? settings.Exports);
            }
        }

        return last is null ? null : new SelectorMatch(last.Description, name, space) { Settings = settings };
    }

    /// <summary>Whether some selector asks for more than ports, and all but its ports fits.</summary>
    internal bool CouldMatchByPort(int pid, ReadOnlySpan<char> path)
    {
        foreach (var selector in _selectors)
        {
            if (!selector.Ports.IsEmpty && selector.HasIdentity && selector.FitsIdentity(pid, path, _details))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether all criteria of some selector without ports hold but for the language, of which nothing certain is known yet.</summary>
    internal bool AwaitsLanguage(int pid, ReadOnlySpan<char> path)
    {
        foreach (var selector in _selectors)
        {
            if (selector.NeedsLanguage && selector.Ports.IsEmpty && selector.FitsButForLanguage(pid, path, _details))
            {
                return !LanguageDetector.IsFinal(_details.Language(pid, path));
            }
        }

        return false;
    }

    /// <summary>What forbids to observe the process whoever asks for it; else <see cref="ProcessReason.None"/>.</summary>
    internal ProcessReason Prohibition(int pid) =>
        pid == InitProcessId ? ProcessReason.IsInit
        : pid == _ownProcessId && !_instrumentSelf ? ProcessReason.SelfExcluded
        : ProcessReason.None;

    /// <summary>Why the process must not be selected; else <see cref="ProcessReason.None"/>.</summary>
    internal ProcessReason Exclusion(int pid, ReadOnlySpan<char> path)
    {
        if (Prohibition(pid) is var prohibition and not ProcessReason.None)
        {
            return prohibition;
        }

        foreach (var exclusion in _exclusions)
        {
            if (exclusion.FitsIdentity(pid, path, _details))
            {
                return ProcessReason.Excluded;
            }
        }

        // Who asks for the own process means it, whatever its executable is called.
        return _useDefaultExclusions && pid != _ownProcessId && DefaultExclusions.Contains(path)
            ? ProcessReason.ExcludedByDefault
            : ProcessReason.None;
    }

    /// <summary>Why no selector matches, in words.</summary>
    internal string ExplainMismatch(int pid, ReadOnlySpan<char> path, ReadOnlySpan<int> ports)
    {
        if (_selectors.Length == 0)
        {
            return "there is no selector";
        }

        var parts = new List<string>(_selectors.Length);
        foreach (var selector in _selectors)
        {
            parts.Add(selector.FitsIdentity(pid, path, _details)
                ? $"it does not listen on a port of '{selector.Description}'"
                : $"it is not '{selector.Description}'");
        }

        var subject = path.IsEmpty ? "the executable is unknown" : $"the executable is {path}";
        var listening = ports.IsEmpty ? "" : $", listening on {string.Join(',', ports.ToArray())}";
        return string.Create(CultureInfo.InvariantCulture, $"{subject}{listening}: {string.Join(", ", parts)}");
    }

    private static CompiledSelector[] Compile(IList<ProcessSelector> selectors, string section)
    {
        var compiled = new CompiledSelector[selectors.Count];
        for (var i = 0; i < compiled.Length; i++)
        {
            compiled[i] = new CompiledSelector(selectors[i], string.Create(CultureInfo.InvariantCulture, $"{section}[{i}]"));
        }

        return compiled;
    }
}
