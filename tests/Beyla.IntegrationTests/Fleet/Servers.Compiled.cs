using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Servers that are compiled when they are first needed.</summary>
internal static partial class Servers
{
    private static readonly Tool CTool = new("cc", "gcc");
    private static readonly Tool GoTool = new("go", "golang-go");
    private static readonly Tool RustTool = new("rustc", "rustc");
    private static readonly Tool StripTool = new("strip", "binutils");
    private static readonly Tool JavaTool = new("java", "default-jdk-headless");
    private static readonly Tool JavaCompiler = new("javac", "default-jdk-headless");

    public static ServerKind C { get; } = new("c")
    {
        Tools = [CTool],
        PrepareAsync = static (context, cancellationToken) => Compiled(
            CTool, "Servers/c/server.c", static (source, output) => ["-O2", "-Wall", "-pthread", "-o", $"{output}/server", source], context, cancellationToken),
    };

    /// <summary>Leaves calls of its TLS library by long jumps. It keeps no log.</summary>
    public static ServerKind Leaver { get; } = OpenSslInC("leaver");

    /// <summary>Uses one TLS session for one connection after the other. It keeps no log.</summary>
    public static ServerKind Clearer { get; } = OpenSslInC("clearer");

    public static ServerKind Go { get; } = GoServer("go");

    /// <summary>Without symbols, as release builds are.</summary>
    public static ServerKind GoStripped { get; } = GoServer("go-stripped", "-ldflags=-s -w");

    public static ServerKind Rust { get; } = new("rust")
    {
        Tools = [RustTool],
        PrepareAsync = static (context, cancellationToken) => Compiled(
            RustTool, "Servers/rust/server.rs", static (source, output) => ["-O", "-o", $"{output}/server", source], context, cancellationToken),
    };

    /// <summary>With HTTPS by OpenSSL's shared library.</summary>
    public static ServerKind RustOpenSsl { get; } = SecureRust("openssl");

    /// <summary>With HTTPS by OpenSSL that is a part of the program.</summary>
    public static ServerKind RustStaticOpenSsl { get; } = SecureRust("openssl-static");

    /// <summary>With HTTPS by rustls, which is a part of the program.</summary>
    public static ServerKind Rustls { get; } = SecureRust("rustls");

    public static ServerKind Java { get; } = new("java")
    {
        Tools = [JavaTool, JavaCompiler],
        Profile = new ServerProfile
        {
            Unlogged = new Dictionary<TruthField, string>
            {
                [TruthField.RequestBytes] = "content that comes after an early answer is thrown away before the handler could read it",
            },
        },
        PrepareAsync = static async (context, cancellationToken) =>
        {
            var classes = await CompiledPrograms.GetAsync(
                FleetFiles.Source("Servers/java/Server.java"),
                Tooling.Require(JavaCompiler),
                static (source, output) => ["-d", output.Length == 0 ? "." : output, source],
                cancellationToken);
            return new ProcessSpec(Tooling.Require(JavaTool), ["-cp", classes, "Server", .. Arguments(context)]);
        },
    };

    private static ServerKind OpenSslInC(string name) => new($"c-{name}")
    {
        IsSecure = true,
        Tools = [CTool],
        PrepareAsync = (context, cancellationToken) => Compiled(
            CTool, $"Servers/c/{name}.c", static (source, output) => ["-O2", "-Wall", "-o", $"{output}/server", source, "-lssl", "-lcrypto"], context, cancellationToken),
    };

    private static ServerKind GoServer(string name, params string[] options) => new(name)
    {
        Tools = [GoTool],
        Profile = new ServerProfile
        {
            Exclusions = new Dictionary<Feature, string>
            {
                [Feature.EarlyResponse] = "net/http reads what is left of small content before it answers",
            },
        },
        PrepareAsync = (context, cancellationToken) => Compiled(
            GoTool, "Servers/go/server.go", (source, output) => ["build", .. options, "-o", $"{output}/server", source], context, cancellationToken),
    };

    private static ServerKind SecureRust(string library) => new($"rust-{library}")
    {
        IsSecure = true,
        PrepareAsync = (context, _) => Task.FromResult(
            new ProcessSpec(Artifacts.Require($"rust/{library}/release/server", "eng/fleet/rust.sh"), Arguments(context))),
    };

    /// <summary>The same executable without its symbols.</summary>
    public static ServerKind Stripped(ServerKind kind) => kind with
    {
        Name = $"{kind.Name}-stripped",
        Tools = [.. kind.Tools, StripTool],
        PrepareAsync = async (context, cancellationToken) =>
        {
            var spec = await kind.PrepareAsync(context, cancellationToken);
            var stripped = Path.Combine(context.Directory, "stripped");
            await using var strip = await TargetProcess.StartAsync(new ProcessSpec(Tooling.Require(StripTool), ["-o", stripped, spec.Executable]));
            var code = await strip.WaitForExitAsync(cancellationToken);
            return code == 0 ? spec with { Executable = stripped } : throw new InvalidOperationException($"strip ended with {code}:\n{strip.Output}");
        },
    };

    private static async Task<ProcessSpec> Compiled(
        Tool compiler, string source, Func<string, string, IReadOnlyList<string>> arguments, LaunchContext context, CancellationToken cancellationToken)
    {
        var directory = await CompiledPrograms.GetAsync(FleetFiles.Source(source), Tooling.Require(compiler), arguments, cancellationToken);
        return new ProcessSpec(Path.Combine(directory, "server"), Arguments(context));
    }
}
