using System.Globalization;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Discovery;
using Beyla.Routing;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Selectors of the session, of the lists and of the top-level options.</summary>
internal static class SelectionCompletion
{
    internal static void Run(CompletionContext context)
    {
        var (settings, selection) = (context.Settings, context.Settings.Selection);
        var regex = selection.UsesServices;
        if (settings.TopLevel.Selector.ProcessIds.Count > 0)
        {
            // With process ids nothing else selects, as in Beyla.
            var top = settings.TopLevel.Selector;
            (top.ExecutableName, top.ExecutableGlob, top.OpenPorts) = (null, null, default);
            top.Languages.Clear();
        }
        else
        {
            AddList(context, regex ? "discovery.services" : "discovery.instrument", regex ? selection.Services : selection.Instrument, regex, settings.Session.Discovery.Selectors, "Selectors");
        }

        AddTopLevel(context);
        AddList(context, regex ? "discovery.exclude_services" : "discovery.exclude_instrument", regex ? selection.ExcludeServices : selection.ExcludeInstrument, regex, settings.Session.Discovery.Exclusions, "Exclusions");
        AddDefaults(context, regex ? "discovery.default_exclude_services" : "discovery.default_exclude_instrument", regex ? selection.DefaultExcludeServices : selection.DefaultExcludeInstrument, regex);
        if (!regex && selection.Services.Count + selection.ExcludeServices.Count > 0)
        {
            context.Warn(
                selection.Services.Count > 0 ? "discovery.services" : "discovery.exclude_services",
                "is not used, because there are discovery.instrument or discovery.exclude_instrument.");
        }
    }

    private static void AddList(
        CompletionContext context, string key, IReadOnlyList<SelectorSettings> items, bool regex, IList<ProcessSelector> target, string member)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].IsLeftOut)
            {
                continue;
            }

            var path = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            var place = string.Create(CultureInfo.InvariantCulture, $"Discovery.{member}[{target.Count}]");
            context.Words.Add(place, path, (regex ? SelectorOptions.Expressions : SelectorOptions.Globs).Options);
            items[i].Selector.Sampler = SamplerCompletion.Make(context, items[i].Sampler, path + ".sampler");
            AddRoutes(context, items[i], path, place);
            // That the only criterion is misspelt is told; that there is none follows from it.
            if (!items[i].IsMisread || items[i].Selector.HasCriterion)
            {
                target.Add(items[i].Selector);
            }
        }
    }

    private static void AddTopLevel(CompletionContext context)
    {
        var (discovery, selector) = (context.Settings.Session.Discovery, context.Settings.TopLevel.Selector);
        if (selector.HasCriterion)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"Discovery.Selectors[{discovery.Selectors.Count}]");
            foreach (var (property, key) in new[]
            {
                (nameof(selector.OpenPorts), "open_port"),
                (nameof(selector.ExecutableName), "executable_name"),
                (nameof(selector.ExecutableGlob), "auto_target_exe"),
                (nameof(selector.Languages), "auto_target_language"),
                (nameof(selector.ProcessIds), "target_pids"),
            })
            {
                context.Words.Add($"{place}.{property}", key, key);
            }

            discovery.Selectors.Add(selector);
        }
    }

    private static void AddDefaults(CompletionContext context, string key, IReadOnlyList<SelectorSettings>? items, bool regex)
    {
        if (items is not null)
        {
            var discovery = context.Settings.Session.Discovery;
            discovery.UseDefaultExclusions = false;
            discovery.InstrumentSelf = items.Count == 0;
            AddList(context, key, items, regex, discovery.Exclusions, "Exclusions");
        }
    }

    // Those of a selector stand beside the session's, whose other options hold for them too.
    private static void AddRoutes(CompletionContext context, SelectorSettings item, string path, string place)
    {
        if (item.IncomingRoutes is null && item.OutgoingRoutes is null)
        {
            return;
        }

        var common = context.Settings.Session.Routes;
        var routes = new RouteOptions
        {
            IgnoreMode = common.IgnoreMode,
            Unmatched = common.Unmatched,
            WildcardChar = common.WildcardChar,
            MaxPathSegmentCardinality = common.MaxPathSegmentCardinality,
        };
        routes.IgnoredPatterns.Replace(common.IgnoredPatterns);
        Append("routes.patterns", common.Patterns);
        Append(path + ".routes.incoming", item.IncomingRoutes ?? []);
        Append(path + ".routes.outgoing", item.OutgoingRoutes ?? []);
        item.Selector.Routes = routes;

        void Append(string key, IEnumerable<string> patterns)
        {
            var i = 0;
            foreach (var pattern in patterns)
            {
                var written = string.Create(CultureInfo.InvariantCulture, $"{key}[{i++}]");
                context.Words.Add(string.Create(CultureInfo.InvariantCulture, $"{place}.Routes.Patterns[{routes.Patterns.Count}]"), written, written);
                routes.Patterns.Add(pattern);
            }
        }
    }
}
