using System.Diagnostics;
using System.Globalization;
using Beyla.Capture.Uprobes.Elf;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>Binaries of this machine, programs compiled for a test, and the tools that tell the truth about both.</summary>
internal static class Binary
{
    internal const string LibSsl = "/usr/lib/x86_64-linux-gnu/libssl.so.3";
    internal const string LibCrypto = "/usr/lib/x86_64-linux-gnu/libcrypto.so.3";
    internal const string LibGnuTls = "/usr/lib/x86_64-linux-gnu/libgnutls.so.30";

    private static readonly Tool Compiler = new("gcc", "gcc");
    private static readonly Tool Reader = new("readelf", "binutils");
    private static readonly Tool Disassembler = new("objdump", "binutils");

    internal static ElfImage Open(string path) => Open(File.ReadAllBytes(path));

    internal static ElfImage Open(byte[] bytes)
    {
        var image = ElfImage.TryRead(new MemoryByteSource(bytes), out var problem);
        Assert.Null(problem);
        return image!;
    }

    /// <summary>A file that is unpacked into artifacts/.</summary>
    internal static string Unpacked(string path) => Artifacts.Require(path, "eng/fleet/toolchains.sh");

    /// <summary>The lines that a command prints.</summary>
    internal static string[] Run(string command, params string[] arguments) => Run(command, arguments, []);

    internal static string[] Run(string command, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {errors.Result}");
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Compiles C code.</summary>
    /// <returns>The bytes of what the linker made.</returns>
    internal static byte[] Compile(string code, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("beyla-elf").FullName;
        try
        {
            var source = Path.Combine(folder, "code.c");
            var output = Path.Combine(folder, "out");
            File.WriteAllText(source, code);
            Run(Tooling.Require(Compiler), ["-O1", "-o", output, source, .. options]);
            return File.ReadAllBytes(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The defined functions of a symbol table, as readelf sees them; names with their version (<c>SSL_read@@OPENSSL_3.0.0</c>).</summary>
    internal static List<(string Name, ulong Address, ulong Size)> Functions(string path, string table)
    {
        var functions = new List<(string, ulong, ulong)>();
        foreach (var line in Run(Tooling.Require(Reader), "-W", table, path))
        {
            // Num: Value Size Type Bind Vis Ndx Name
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var value, var size, "FUNC", _, _, not "UND", var name, ..])
            {
                functions.Add((name, Convert.ToUInt64(value, 16), ParseSize(size)));
            }
        }

        return functions;
    }

    /// <summary>The instructions of a range of addresses, as objdump sees them: address and text.</summary>
    internal static List<(ulong Address, string Text)> Disassemble(string path, ulong start, ulong end)
    {
        var instructions = new List<(ulong, string)>();
        foreach (var line in Run(
            Tooling.Require(Disassembler),
            "-d",
            "--no-show-raw-insn",
            string.Create(CultureInfo.InvariantCulture, $"--start-address=0x{start:x}"),
            string.Create(CultureInfo.InvariantCulture, $"--stop-address=0x{end:x}"),
            path))
        {
            var colon = line.IndexOf(":\t", StringComparison.Ordinal);
            if (colon > 0 && ulong.TryParse(line.AsSpan(0, colon), NumberStyles.AllowHexSpecifier | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var address))
            {
                instructions.Add((address, line[(colon + 2)..].Trim()));
            }
        }

        return instructions;
    }

    /// <summary>A copy whose header tells of no section headers, as some tools leave them.</summary>
    internal static byte[] WithoutSections(byte[] file)
    {
        var copy = file.ToArray();
        copy.AsSpan(40, 8).Clear();
        copy.AsSpan(60, 4).Clear();
        return copy;
    }

    private static ulong ParseSize(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? Convert.ToUInt64(text, 16)
        : ulong.Parse(text, CultureInfo.InvariantCulture);
}
