namespace Beyla;

/// <summary>Names and versions by which other systems find what this library emits.</summary>
public static class BeylaInstrumentation
{
    /// <summary>Name of the <see cref="System.Diagnostics.Metrics.Meter"/> that repeats the RED metrics of observed services.</summary>
    public const string MeterName = "Beyla";

    /// <summary>Name of the <see cref="System.Diagnostics.Metrics.Meter"/> with what a session tells about itself.</summary>
    public const string InternalMeterName = "Beyla.Internal";

    /// <summary>Name of the <see cref="System.Diagnostics.ActivitySource"/> and of the instrumentation scope of exported spans.</summary>
    public const string ActivitySourceName = "Beyla";

    /// <summary><c>telemetry.distro.name</c> of everything that is exported.</summary>
    public const string DistroName = "beyla-dotnet";

    /// <summary>Version of the library.</summary>
    public static string Version => BuildInfo.Version;

    /// <summary>Revision of the sources it was built of; <c>unknown</c> when it was built outside of version control.</summary>
    /// <remarks>Not a constant: it differs from build to build, and a caller's copy of it would go stale.</remarks>
    public static string Revision => BuildInfo.Revision;
}
