using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>The gRPC libraries that are observed.</summary>
internal static class RpcKinds
{
    private const string Script = "eng/fleet/grpc.sh";

    public static RpcKind Go { get; } = new("go") { PrepareAsync = PrepareGoAsync };

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

    public static RpcKind Named(string name) => ((RpcKind[])[Go, Node, Python, Dotnet]).Single(kind => kind.Name == name);

    private static async Task<ProcessSpec> PrepareGoAsync(CancellationToken cancellationToken)
    {
        var library = Folder(Artifacts.Require("go-grpc/usr/share/gocode/src/google.golang.org/grpc/version.go", Script), levels: 4);
        var root = Folder(Artifacts.Require("go-1.24/usr/lib/go-1.24/bin/go", "eng/fleet/toolchains.sh"), levels: 2);
        var output = await CompiledPrograms.GetAsync(
            FleetFiles.Source("Servers/rpc/go/echo.go"),
            Tooling.Require(new Tool("env", "coreutils")),
            (source, folder) =>
            [
                "GO111MODULE=off", "GOTOOLCHAIN=local", "GOFLAGS=", $"GOROOT={root}", $"GOPATH={library}",
                $"{root}/bin/go", "build", "-o", $"{folder}/echo", source,
            ],
            cancellationToken);
        return new ProcessSpec(Path.Combine(output, "echo"), []);
    }

    private static string Folder(string path, int levels)
    {
        for (; levels > 0; levels--)
        {
            path = Path.GetDirectoryName(path)!;
        }

        return path;
    }
}
