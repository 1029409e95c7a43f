using System.Reflection;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Where the build has put the programs of the fleet.</summary>
internal static class FleetFiles
{
    /// <summary>A script or source file, such as <c>Servers/python/server.py</c>.</summary>
    public static string Source(string path) => Path.Combine(AppContext.BaseDirectory, path);

    /// <summary>The assembly of a .NET program.</summary>
    public static string Program(string name) => Path.Combine(AppContext.BaseDirectory, "programs", $"{name}.dll");

    /// <summary>The agent's assembly, where its own build has put it.</summary>
    public static string Agent { get; } = Named("Agent");

    /// <summary>The gRPC program in .NET, where its own build has put it.</summary>
    public static string RpcProgram { get; } = Named("RpcProgram");

    /// <summary>Where programs are kept that the tests compile.</summary>
    public static string Cache => Path.Combine(AppContext.BaseDirectory, "fleet-cache");

    private static string Named(string key) =>
        typeof(FleetFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
