using System.Globalization;
using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes;
using Beyla.Capture.Uprobes.Providers;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class GoTests
{
    private static readonly Dictionary<string, ProbeRole> Roles = new()
    {
        ["crypto/tls.(*Conn).Read"] = ProbeRole.Read,
        ["crypto/tls.(*Conn).Write"] = ProbeRole.Write,
        ["crypto/tls.(*Conn).Handshake"] = ProbeRole.Control,
        ["crypto/tls.(*Conn).handshakeContext"] = ProbeRole.Control,
        ["crypto/tls.(*Conn).Close"] = ProbeRole.Free,
    };

    // One release of each form of the table, and the newest.
    [Theory]
    [InlineData("1.15")]
    [InlineData("installed")]
    [InlineData("1.24")]
    [InlineData("1.27")]
    public void Functions_and_their_returns_are_found_in_binaries_of_every_kind_stripped_or_not(string release)
    {
        var go = release == "installed" ? GoPrograms.Installed() : GoPrograms.Unpacked(release);
        foreach (var (way, path) in GoPrograms.Of(go))
        {
            var expected = Expected(go, path);
            Assert.True(expected.Count >= 4, $"{way}: nm lists {expected.Count}");
            foreach (var (state, bytes) in Variants(path))
            {
                var code = Find(bytes);

                Assert.True(code.HasPlaintext, $"{way}, {state}: {code.Explanation}");
                Assert.Contains(GoPrograms.Version(go), code.Explanation, StringComparison.Ordinal);
                Assert.Equal(4, code.Sites.Length);
                Assert.All(code.Sites, site => Check(site, expected[site.Function], path, $"{way}, {state}"));
                Assert.Equal(code.Sites[0].Arguments == ProbeArguments.GoStack ? (short)-8 : null, code.Layout.GoroutineFromFsBase);
            }
        }
    }

    [Fact]
    public void Before_1_17_arguments_are_on_the_stack_and_later_in_registers()
    {
        Assert.All(Find(File.ReadAllBytes(GoPrograms.Of(GoPrograms.Unpacked("1.15")).First().Path)).Sites, site => Assert.Equal(ProbeArguments.GoStack, site.Arguments));
        Assert.All(Find(File.ReadAllBytes(GoPrograms.Of(GoPrograms.Installed()).First().Path)).Sites, site => Assert.Equal(ProbeArguments.GoRegisters, site.Arguments));
    }

    [Fact]
    public void A_table_of_an_unknown_form_is_said_to_be_one()
    {
        var program = File.ReadAllBytes(GoPrograms.Of(GoPrograms.Installed()).First().Path);
        var table = program.AsSpan().IndexOf(GoPrograms.TableMark) - 1;
        program[table] = 0x77;

        var code = Find(program);

        Assert.Empty(code.Sites);
        Assert.Contains("go1.", code.Explanation, StringComparison.Ordinal);
        Assert.Contains("unknown form", code.Explanation, StringComparison.Ordinal);
    }

    private static TlsLibraryCode Find(byte[] bytes) => Assert.Single(TlsProviders.Find(new MemoryByteSource(bytes), isExecutable: true));

    private static IEnumerable<(string State, byte[] Bytes)> Variants(string path)
    {
        var bytes = File.ReadAllBytes(path);
        yield return ("whole", bytes);
        yield return ("without section headers", Binary.WithoutSections(bytes));
        var stripped = Path.GetTempFileName();
        Binary.Run(Tooling.Require(new Tool("strip", "binutils")), "-o", stripped, path);
        yield return ("stripped", File.ReadAllBytes(stripped));
        File.Delete(stripped);
    }

    // What Go's own tool says, while the symbols are there.
    private static Dictionary<string, (ulong Address, ulong Size)> Expected(string go, string path) => GoPrograms.Go(go, "tool", "nm", "-size", path)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields.Length == 4 && fields[2] is "T" or "t" && Roles.ContainsKey(fields[3]))
        .DistinctBy(fields => fields[3])
        .ToDictionary(fields => fields[3], fields => (Convert.ToUInt64(fields[0], 16), ulong.Parse(fields[1], CultureInfo.InvariantCulture)));

    private static void Check(TlsSite site, (ulong Address, ulong Size) expected, string path, string what)
    {
        var image = Binary.Open(path);
        Assert.True(image.TryToCodeOffset(expected.Address, out var start));
        Assert.Equal(Roles[site.Function], site.Role);
        Assert.InRange(site.Entry, start, start + 32);
        Assert.Null(site.Slow);
        var returns = Binary.Disassemble(path, expected.Address, expected.Address + expected.Size)
            .Where(instruction => instruction.Text.StartsWith("ret", StringComparison.Ordinal))
            .Select(instruction => start + (long)(instruction.Address - expected.Address));
        Assert.True(site.Role == ProbeRole.Free ? site.Returns.IsEmpty : returns.SequenceEqual(site.Returns), $"{what}: {site.Function}");
        Assert.Equal(site.Role != ProbeRole.Free, site.NeedsReturn);
    }
}
