using System.Collections;

namespace Beyla.Exporters.Otlp;

/// <summary>The options of a host: its environment, and over it what its code says.</summary>
internal static class OtlpHostOptions
{
    /// <exception cref="ArgumentException">Options or variables are invalid; the message lists all errors.</exception>
    internal static OtlpExporterOptions Build(Action<OtlpExporterOptions>? configure)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return Build(environment, configure);
    }

    internal static OtlpExporterOptions Build(IReadOnlyDictionary<string, string> environment, Action<OtlpExporterOptions>? configure)
    {
        var options = new OtlpExporterOptions();
        var errors = new List<string>();
        OtlpEnvironment.Apply(options, environment, errors);
        configure?.Invoke(options);
        OtlpOptionsCheck.ThrowIfInvalid(options, errors);
        return options;
    }
}
