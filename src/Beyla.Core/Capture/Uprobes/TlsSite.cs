using System.Collections.Immutable;
using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes;

/// <summary>A function to be probed in a file.</summary>
/// <param name="Function">Its name, for logs.</param>
/// <param name="Role">What it means.</param>
/// <param name="Arguments">Where its arguments are, at every one of the places below.</param>
/// <param name="Entry">Offset in the file at which the entry is probed. A return probe may be put there too: the return address is still on top of the stack.</param>
/// <param name="NeedsReturn">Whether its return is of interest as well.</param>
/// <param name="Returns">
/// Offsets in the file at which the return is to be probed by entry probes, because a return probe would break the program
/// (Go moves stacks); empty where a return probe is right.
/// </param>
/// <param name="Slow">Why a hit of the entry costs a single step besides the trap; <see langword="null"/> when it does not.</param>
internal sealed record TlsSite(
    string Function, ProbeRole Role, ProbeArguments Arguments, long Entry, bool NeedsReturn, ImmutableArray<long> Returns, string? Slow);
