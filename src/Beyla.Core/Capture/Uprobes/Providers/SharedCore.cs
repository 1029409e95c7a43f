using System.Collections.Immutable;
using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// OpenSSL has each of its functions in two forms, one that returns a count and one that writes it (<c>SSL_read</c>,
/// <c>SSL_read_ex</c>), and both are thin wrappers of a function without a name. Others come to that function by
/// themselves (the BIOs that OpenSSL offers for sessions), and where the wrappers begin with what the kernel can't emulate and
/// it doesn't, a probe of it costs a quarter.
/// </summary>
internal static class SharedCore
{
    /// <summary>Replaces the sites of wrappers by that of the function they share, where there is one and it costs no more.</summary>
    /// <param name="candidate">The file.</param>
    /// <param name="sites">The sites of all functions.</param>
    /// <param name="counting">The form that returns a count.</param>
    /// <param name="others">The other forms.</param>
    internal static ImmutableArray<TlsSite> Prefer(
        TlsCandidate candidate, ImmutableArray<TlsSite> sites, string counting, params ReadOnlySpan<string> others)
    {
        if (sites.FirstOrDefault(site => site.Function == counting) is not { } form
            || CallOf(candidate, counting) is not { } call
            || ArgumentsOf(call) is not { } arguments
            || !candidate.Image.TryToCodeOffset(call.Target, out var offset))
        {
            return sites;
        }

        var core = candidate.Site(new TlsFunction(counting + "'s core", form.Role, arguments), new ElfFunction(counting, call.Target, offset, 0));
        if (core.Slow is not null && form.Slow is null)
        {
            return sites;
        }

        // A form that comes to the core by another way keeps its probe: what happens inside it is told apart by nesting.
        var replaced = new HashSet<string> { counting };
        foreach (var other in others)
        {
            if (CallOf(candidate, other) is { } same && same.Target == call.Target
                && (arguments == ProbeArguments.CountByPointer ? same.Fourth : same.Fifth) == WrapperValue.Argument)
            {
                replaced.Add(other);
            }
        }

        return [.. sites.Where(site => !replaced.Contains(site.Function)), core];
    }

    /// <summary>Whether a function, in this file, does nothing but jump to another one that the file has too.</summary>
    /// <param name="candidate">The file.</param>
    /// <param name="form">The function.</param>
    /// <param name="other">The one that it jumps to as a rule.</param>
    internal static bool OnlyJumpsTo(TlsCandidate candidate, string form, string other) =>
        candidate.Functions.ContainsKey(other) && CallOf(candidate, form) is { IsJump: true };

    // Where the called function finds the pointer through which it counts: it points to a variable of the form that returns the count.
    private static ProbeArguments? ArgumentsOf(in WrapperCall call) =>
        call.Fifth == WrapperValue.Variable ? ProbeArguments.CountByFifthPointer
        : call.Fourth == WrapperValue.Variable ? ProbeArguments.CountByPointer
        : null;

    private static WrapperCall? CallOf(TlsCandidate candidate, string name) =>
        candidate.Functions.TryGetValue(name, out var function) ? WrapperCall.Find(candidate.CodeOf(function), function.Address) : null;
}
