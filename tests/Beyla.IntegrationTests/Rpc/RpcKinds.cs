using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>The gRPC libraries that are observed.</summary>
internal static class RpcKinds
{
    private const string Script = "eng/fleet/grpc.sh";

    public static RpcKind Go { get; } = GoOf("go", "1.24", isStripped: false);

    public static RpcKind Node { get; } = new("node")
    {
        PrepareAsync = static _ => Task.FromResult(new ProcessSpec(Tooling.Require(new Tool("node", "nodejs")), [FleetFiles.Source("Servers/rpc/node/echo.js")])
        {
            Environment = new Dictionary<string, string>
            {
                ["NODE_PATH"] = Folder(Artifacts.Require("npm/node_modules/@grpc/grpc-js/package.json", Script), levels: 3),
            },
        }),
    };

    public static RpcKind Python { get; } = new("python")
    {
        PrepareAsync = static _ =>
        {
            Tooling.Require(new Tool("/usr/lib/python3/dist-packages/grpc/__init__.py", "python3-grpcio"));
            return Task.FromResult(new ProcessSpec(Tooling.Require(new Tool("/usr/bin/python3", "python3")), [FleetFiles.Source("Servers/rpc/python/echo.py")]));
        },
    };

    public static RpcKind Dotnet { get; } = new("dotnet")
    {
        PrepareAsync = static _ => Task.FromResult(new ProcessSpec(Tooling.Require(new Tool("dotnet", "dotnet-sdk-10.0")), [FleetFiles.RpcProgram])),
    };

    /// <param name="name">The name of a library, or of a release of Go: <c>go-1.19</c>, <c>go-1.27-stripped</c>.</param>
    public static RpcKind Named(string name) => ((RpcKind[])[Go, Node, Python, Dotnet]).SingleOrDefault(kind => kind.Name == name)
        ?? GoOf(name, name.Split('-')[1], name.EndsWith("-stripped", StringComparison.Ordinal));

    private static RpcKind GoOf(string name, string release, bool isStripped) => new(name)
    {
        PrepareAsync = async cancellationToken =>
        {
            var output = await CompiledPrograms.GetAsync(
                FleetFiles.Source("Servers/rpc/go/echo.go"),
                Tooling.Require(GoPrograms.Tool),
                (source, folder) => GoPrograms.Compile(release, isStripped, $"{folder}/echo", source),
                cancellationToken);
            return new ProcessSpec(Path.Combine(output, "echo"), []);
        },
    };

    private static string Folder(string path, int levels)
    {
        for (; levels > 0; levels--)
        {
            path = Path.GetDirectoryName(path)!;
        }

        return path;
    }
}
