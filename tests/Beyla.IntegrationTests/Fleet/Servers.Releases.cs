using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Servers by other releases of a TLS library than the machine's. Those without HTTP/2 are small and keep no log.</summary>
internal static partial class Servers
{
    private const string Toolchains = "eng/fleet/toolchains.sh";

    /// <summary>The server of OpenSSL's own command, which answers any GET with a page about the session.</summary>
    /// <param name="release">As unpacked into artifacts: <c>3.5</c>.</param>
    public static ServerKind OpenSsl(string release) => new($"openssl-{release}")
    {
        IsSecure = true,
        PrepareAsync = (context, _) =>
        {
            var folder = $"openssl-{release}";
            var program = Artifacts.Require($"{folder}/usr/bin/openssl", Toolchains);
            var root = program[..^"/usr/bin/openssl".Length];
            // A C library of its own: the program is newer or older than the machine.
            string[] libraries = [$"{root}/usr/lib/x86_64-linux-gnu", $"{root}/lib/x86_64-linux-gnu"];
            var linker = libraries.Select(static library => $"{library}/ld-linux-x86-64.so.2").First(File.Exists);
            return Task.FromResult(new ProcessSpec(
                linker,
                [
                    "--library-path", string.Join(':', libraries), program, "s_server", "-accept", $"127.0.0.1:{Port(context)}",
                    "-cert", context.Tls!.Certificate, "-key", context.Tls.Key, "-www", "-quiet",
                ]));
        },
    };

    /// <summary>A server by a release of Go.</summary>
    /// <param name="release">As unpacked into artifacts: <c>1.15</c>.</param>
    public static ServerKind GoOf(string release) => new($"go-{release}")
    {
        IsSecure = true,
        PrepareAsync = async (context, cancellationToken) =>
        {
            var directory = await CompiledPrograms.GetAsync(
                FleetFiles.Source("Servers/go/plain.go"),
                Tooling.Require(GoPrograms.Tool),
                (source, output) => GoPrograms.Compile(release, isStripped: false, $"{output}/server", source),
                cancellationToken);
            return new ProcessSpec(Path.Combine(directory, "server"), Arguments(context));
        },
    };

    /// <summary>A server with HTTP/2, and a log, by a release of Go.</summary>
    /// <param name="release">As unpacked into artifacts: <c>1.19</c>.</param>
    /// <param name="isStripped">Whether it has no symbols.</param>
    public static ServerKind GoHttp2Of(string release, bool isStripped) => new($"go-{release}{(isStripped ? "-stripped" : "")}")
    {
        IsHttp2 = true,
        Profile = new ServerProfile
        {
            Exclusions = new Dictionary<Feature, string>
            {
                [Feature.ServerClose] = "what was on its way when the server goes is asked again, and so twice on the wire",
            },
            ExcludedStatuses = new Dictionary<int, string> { [304] = "with a size it is an error to net/http's own client by HTTP/2" },
        },
        PrepareAsync = async (context, cancellationToken) =>
        {
            var h2c = FleetFiles.Source(release == "1.19" ? "Servers/go/h2c_xnet.go" : "Servers/go/h2c.go");
            var directory = await CompiledPrograms.GetAsync(
                FleetFiles.Source("Servers/go/server.go"),
                Tooling.Require(GoPrograms.Tool),
                (source, output) => GoPrograms.Compile(release, isStripped, $"{output}/server", source, h2c),
                cancellationToken,
                h2c);
            return new ProcessSpec(Path.Combine(directory, "server"), Arguments(context)) { Environment = new Dictionary<string, string> { ["PROTOCOL"] = "Http2" } };
        },
    };

    /// <summary>The Python server with copies of its TLS library that are gone once it runs.</summary>
    public static ServerKind WithDeletedLibrary => Python.Secure with
    {
        PrepareAsync = static async (context, cancellationToken) =>
        {
            foreach (var library in (string[])["libssl.so.3", "libcrypto.so.3"])
            {
                File.Copy($"/usr/lib/x86_64-linux-gnu/{library}", Path.Combine(context.Directory, library));
            }

            var spec = await Python.Secure.PrepareAsync(context, cancellationToken);
            return spec with { Environment = new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = context.Directory } };
        },
    };
}
