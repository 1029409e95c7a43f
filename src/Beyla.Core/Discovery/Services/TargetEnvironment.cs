using System.Collections.Immutable;
using System.Text;
using Beyla.Discovery.Proc;

namespace Beyla.Discovery.Services;

/// <summary>What the environment of a process says about the service that it is.</summary>
/// <param name="ServiceName"><c>OTEL_SERVICE_NAME</c>, else <c>service.name</c> of <c>OTEL_RESOURCE_ATTRIBUTES</c>; <see langword="null"/> when neither says.</param>
/// <param name="Attributes"><c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>service.name</c> included.</param>
internal sealed record TargetEnvironment(string? ServiceName, ImmutableSortedDictionary<string, string> Attributes)
{
    internal const string NameAttribute = "service.name";

    private const int MaxVariable = 16 * 1024;
    private const long MaxBytes = 1024 * 1024;

    private static readonly TargetEnvironment Silent = new(null, ImmutableSortedDictionary<string, string>.Empty);

    private static ReadOnlySpan<byte> NameVariable => "OTEL_SERVICE_NAME="u8;

    private static ReadOnlySpan<byte> AttributesVariable => "OTEL_RESOURCE_ATTRIBUTES="u8;

    /// <summary>Reads the environment that the process was started with; one that can't be read says nothing.</summary>
    internal static TargetEnvironment Read(ProcFs files, int pid)
    {
        if (files.Open(pid, "environ", out var file) != ProcRead.Ok)
        {
            return Silent;
        }

        string? name = null;
        string? attributes = null;
        using (file)
        {
            var variables = new ProcRecords(file, stackalloc byte[MaxVariable], 0, MaxBytes);
            while ((name is null || attributes is null) && variables.TryRead(out var variable))
            {
                // As for getenv(3), the first of several variables of one name counts.
                if (variable.StartsWith(NameVariable))
                {
                    name ??= Encoding.UTF8.GetString(variable[NameVariable.Length..]).Trim();
                }
                else if (variable.StartsWith(AttributesVariable))
                {
                    attributes ??= Encoding.UTF8.GetString(variable[AttributesVariable.Length..]);
                }
            }
        }

        var parsed = attributes is null ? Silent.Attributes : ResourceAttributes.Parse(attributes);
        return new TargetEnvironment(
            string.IsNullOrEmpty(name) || ResourceAttributes.IsUnexpanded(name) ? parsed.GetValueOrDefault(NameAttribute) : name, parsed);
    }
}
