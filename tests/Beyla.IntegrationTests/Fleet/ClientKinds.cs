namespace Beyla.IntegrationTests.Fleet;

/// <summary>The client programs of the fleet.</summary>
internal static class ClientKinds
{
    public static ClientKind Python { get; } = new("python", new Tool("/usr/bin/python3", "python3"), FleetFiles.Source("Clients/python/client.py"));

    public static ClientKind Node { get; } = new("node", new Tool("node", "nodejs"), FleetFiles.Source("Clients/node/client.js"));

    public static ClientKind Go { get; } = new(
        "go", new Tool("go", "golang-go"), FleetFiles.Source("Clients/go/client.go"), static (source, output) => ["build", "-o", $"{output}/client", source]);

    /// <summary>By a release of Go.</summary>
    /// <param name="release">As unpacked into artifacts: <c>1.19</c>.</param>
    /// <param name="isStripped">Whether it has no symbols.</param>
    public static ClientKind GoOf(string release, bool isStripped) => new(
        $"go-{release}", GoPrograms.Tool, FleetFiles.Source("Clients/go/client.go"), (source, output) => GoPrograms.Compile(release, isStripped, $"{output}/client", source));

    /// <summary>libcurl with GnuTLS.</summary>
    public static ClientKind Pycurl { get; } = new("pycurl", new Tool("/usr/bin/python3", "python3-pycurl"), FleetFiles.Source("Clients/python/curl_client.py"));

    public static ClientKind Dotnet { get; } = new("dotnet", new Tool("dotnet", "dotnet-sdk-10.0"), FleetFiles.Program("DotnetClient"));

    /// <summary>OpenSSL in a way of its own, by Python.</summary>
    /// <param name="version">Of TLS: <c>1.3</c>.</param>
    /// <param name="way">What its program calls a way: <c>ticket</c>, <c>id</c>, <c>records</c> or <c>threads</c>.</param>
    public static ClientKind Sessions(string version, string way) => new($"sessions-{version}-{way}", Python.Tool, FleetFiles.Source("Clients/python/sessions.py"))
    {
        Options = [version, way],
    };
}
