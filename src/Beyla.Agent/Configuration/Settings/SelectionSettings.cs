namespace Beyla.Agent.Configuration.Settings;

/// <summary>The lists of selectors. Beyla has each for globs and, older, for regular expressions.</summary>
internal sealed class SelectionSettings
{
    internal IReadOnlyList<SelectorSettings> Instrument { get; set; } = [];

    internal IReadOnlyList<SelectorSettings> ExcludeInstrument { get; set; } = [];

    /// <summary><see langword="null"/>: the agents that are left out without being asked.</summary>
    internal IReadOnlyList<SelectorSettings>? DefaultExcludeInstrument { get; set; }

    internal IReadOnlyList<SelectorSettings> Services { get; set; } = [];

    internal IReadOnlyList<SelectorSettings> ExcludeServices { get; set; } = [];

    internal IReadOnlyList<SelectorSettings>? DefaultExcludeServices { get; set; }

    /// <summary>Beyla uses the lists of regular expressions only where there is none of globs.</summary>
    internal bool UsesServices => Instrument.Count == 0 && ExcludeInstrument.Count == 0 && (Services.Count > 0 || ExcludeServices.Count > 0);
}
