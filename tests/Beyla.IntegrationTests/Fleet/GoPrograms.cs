namespace Beyla.IntegrationTests.Fleet;

/// <summary>Compiles programs by a release of Go that is not the machine's.</summary>
internal static class GoPrograms
{
    private const string Toolchains = "eng/fleet/toolchains.sh";
    private const string Libraries = "eng/fleet/grpc.sh";

    /// <summary>What starts the compiler, in an environment of its own.</summary>
    public static Tool Tool { get; } = new("env", "coreutils");

    /// <summary>Arguments of <see cref="Tool"/>.</summary>
    /// <param name="release">As unpacked into artifacts: <c>1.24</c>.</param>
    /// <param name="isStripped">Whether it is to have no symbols, as release builds have none.</param>
    /// <param name="output">The executable.</param>
    /// <param name="sources">Its source files.</param>
    public static IReadOnlyList<string> Compile(string release, bool isStripped, string output, params string[] sources)
    {
        var compiler = Artifacts.Require($"go-{release}/usr/lib/go-{release}/bin/go", Toolchains);
        var library = Artifacts.Require($"{LibraryOf(release)}/usr/share/gocode/src/golang.org/x/net/http2/http2.go", Libraries);
        return
        [
            "GO111MODULE=off", "GOTOOLCHAIN=local", "GOFLAGS=",
            $"GOROOT={compiler[..^"/bin/go".Length]}", $"GOPATH={library[..library.IndexOf("/src/", StringComparison.Ordinal)]}",
            compiler, "build", .. isStripped ? ["-ldflags=-s -w"] : Array.Empty<string>(), "-o", output, .. sources,
        ];
    }

    /// <summary>The libraries of the Debian release that has the compiler, or else the newest that it can compile.</summary>
    private static string LibraryOf(string release) => release is "1.15" or "1.19" ? "go-grpc-1.33" : "go-grpc";
}
