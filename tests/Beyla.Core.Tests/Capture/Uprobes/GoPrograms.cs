using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>A Go program that uses TLS, built by several releases in several ways.</summary>
internal static class GoPrograms
{
    private const string Source = """
        package main

        import (
            "crypto/tls"
            "fmt"
            "os"
        )

        func main() {
            connection, err := tls.Dial("tcp", os.Args[1], &tls.Config{InsecureSkipVerify: true})
            if err != nil {
                fmt.Println(err)
                os.Exit(1)
            }
            defer connection.Close()
            connection.Write([]byte(os.Args[2]))
            var buffer [4096]byte
            n, err := connection.Read(buffer[:])
            fmt.Println(n, err)
        }
        """;

    /// <summary>With what the table of functions begins, but for the first byte, which tells its form.</summary>
    internal static readonly byte[] TableMark = [0xff, 0xff, 0xff, 0, 0, 1, 8];

    private static readonly (string Name, string[] Options)[] Ways =
    [
        ("exe", []),
        ("pie", ["-buildmode=pie"]),
        ("external", ["-ldflags=-linkmode=external"]),
        ("pie-external", ["-buildmode=pie", "-ldflags=-linkmode=external"]),
    ];

    /// <summary>The release that the machine has.</summary>
    internal static string Installed() => Tooling.Require(new Tool("go", "golang-go"));

    /// <summary>A release that is unpacked into artifacts/.</summary>
    internal static string Unpacked(string release) => Binary.Unpacked($"go-{release}/usr/lib/go-{release}/bin/go");

    /// <summary>The programs of a release, unstripped.</summary>
    internal static IEnumerable<(string Name, string Path)> Of(string go)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "go-programs", Version(go))).FullName;
        var source = Path.Combine(folder, "program.go");
        if (!File.Exists(source))
        {
            File.WriteAllText(source, Source);
        }

        foreach (var (name, options) in Ways)
        {
            var program = Path.Combine(folder, name);
            if (!File.Exists(program))
            {
                Go(go, ["build", "-o", program, .. options, source]);
            }

            yield return (name, program);
        }
    }

    /// <summary>The lines that a command of the release prints.</summary>
    internal static string[] Go(string go, params string[] arguments) => Binary.Run(
        go,
        arguments,
        [("GOROOT", Root(go)), ("GO111MODULE", "off"), ("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("CGO_ENABLED", "1")]);

    internal static string Version(string go) => Go(go, "version")[0].Split(' ')[2];

    private static string Root(string go) => Path.GetDirectoryName(Path.GetDirectoryName(new FileInfo(go).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? go)!)!;
}
