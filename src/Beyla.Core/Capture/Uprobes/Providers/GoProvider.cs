using System.Collections.Immutable;
using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;
using Beyla.Capture.Uprobes.Go;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>Go's <c>crypto/tls</c>, in executables of Go 1.2 and later, stripped or not.</summary>
internal sealed class GoProvider : ITlsProvider
{
    private const string Read = "crypto/tls.(*Conn).Read";
    private const string Write = "crypto/tls.(*Conn).Write";
    private const string Handshake = "crypto/tls.(*Conn).handshakeContext";

    /// <summary>Until 1.16; later it is a wrapper.</summary>
    private const string OldHandshake = "crypto/tls.(*Conn).Handshake";
    private const string Close = "crypto/tls.(*Conn).Close";

    // Go functions are short enough; what is longer would cost more probes than it is worth.
    private const int MaxCode = 64 * 1024;
    private const int MaxReturns = 64;

    public string Library => "Go crypto/tls";

    public IEnumerable<string> Symbols => [];

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.IsExecutable || !MayBeGo(candidate.Image))
        {
            return null;
        }

        var table = PcLineTable.Find(candidate.Image);
        var version = table is null && candidate.Image.Sections.IsEmpty ? null : GoBuildInfo.Version(candidate.Image);
        if (table is null)
        {
            return version is null ? null : NotCovered($"is of {version}, whose table of functions is of an unknown form");
        }

        var functions = new Dictionary<string, ElfFunction>();
        table.FindFunctions([Read, Write, Handshake, OldHandshake, Close], functions);
        return functions.ContainsKey(Read) && functions.ContainsKey(Write)
            ? Cover(candidate.Image, functions, version)
            : null;
    }

    // With section headers at hand, theirs is the word. A binary without them may be anything.
    private static bool MayBeGo(ElfImage image) =>
        image.Sections.IsEmpty
        || image.TryFindSection(".go.buildinfo"u8, out _)
        || image.TryFindSection(".gopclntab"u8, out _);

    private TlsLibraryCode Cover(ElfImage image, Dictionary<string, ElfFunction> functions, string? version)
    {
        var handshake = functions.ContainsKey(Handshake) ? Handshake : OldHandshake;
        var sites = ImmutableArray.CreateBuilder<TlsSite>();
        short? goroutine = null;
        foreach (var (name, role) in new[] { (Read, ProbeRole.Read), (Write, ProbeRole.Write), (handshake, ProbeRole.Control), (Close, ProbeRole.Free) })
        {
            if (!functions.TryGetValue(name, out var function))
            {
                continue;
            }

            var code = image.ReadCode(function, MaxCode);
            var shape = GoFunction.Read(code, function.Address);
            var hasRegisterAbi = shape.HasRegisterAbi ?? HasRegisterAbi(version);
            var isKnown = hasRegisterAbi is true || (hasRegisterAbi is false && shape.GoroutineFromFsBase is not null);
            if (!isKnown || (role != ProbeRole.Free && shape.Returns.Length is 0 or > MaxReturns))
            {
                return NotCovered($"is of {version ?? "an unknown version of Go"}, and the code of {name} is of an unknown form");
            }

            goroutine ??= shape.GoroutineFromFsBase;
            sites.Add(Site(role, function, code, shape, hasRegisterAbi is true));
        }

        return new TlsLibraryCode(Library, sites.ToImmutable(), $"is covered ({version ?? "version unknown"})")
        {
            Layout = new TlsLayout { GoroutineFromFsBase = goroutine },
        };
    }

    private static TlsSite Site(ProbeRole role, in ElfFunction function, byte[] code, in GoFunction shape, bool hasRegisterAbi)
    {
        // Stack arguments are found from the stack pointer; goroutines make return probes impossible.
        var place = ProbePlacement.Find(code, function.Address, hasRegisterAbi ? ArgumentRegisters.Go : [], keepStack: !hasRegisterAbi);
        var start = function.Offset;
        return new TlsSite(
            function.Name,
            role,
            hasRegisterAbi ? ProbeArguments.GoRegisters : ProbeArguments.GoStack,
            start + place.Delta,
            role != ProbeRole.Free,
            role == ProbeRole.Free ? [] : [.. shape.Returns.Select(distance => start + distance)],
            place.Slow);
    }

    private static bool? HasRegisterAbi(string? version) => version?.Split('.') is ["go1", var minor, ..]
        && int.TryParse(minor.AsSpan(0, minor.TakeWhile(char.IsAsciiDigit).Count()), out var number)
        ? number >= 17
        : null;

    private TlsLibraryCode NotCovered(string why) => new(Library, [], why + ", so it is not covered");
}
