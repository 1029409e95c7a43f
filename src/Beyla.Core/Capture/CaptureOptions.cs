using System.Globalization;
using System.Numerics;

namespace Beyla.Capture;

/// <summary>Bounds of the capture. The defaults suit a server of some ten thousand requests a second.</summary>
public sealed class CaptureOptions
{
    /// <summary>The most that is ever copied of one read or write, in bytes; a bound of the BPF programs.</summary>
    public const int LargestHeadBytes = 8192;

    /// <summary>
    /// Bytes copied of each read or write in the direction of requests (default and most: 8192, least: 64). A request costs
    /// what it is long, so a generous bound costs little: only uploads reach it, until their length is known.
    /// </summary>
    public int RequestHeadBytes { get; set; } = LargestHeadBytes;

    /// <summary>Bytes copied from the start of each response (default 4096, 64 to <see cref="MaxResponseHeadBytes"/>). Bodies follow, so larger responses reach it.</summary>
    public int ResponseHeadBytes { get; set; } = 4096;

    /// <summary>
    /// How far the copy may grow for a process whose response heads were seen to be longer than <see cref="ResponseHeadBytes"/>
    /// (default and most: 8192). Equal to <see cref="ResponseHeadBytes"/> it never grows.
    /// </summary>
    public int MaxResponseHeadBytes { get; set; } = LargestHeadBytes;

    /// <summary>Size of the ring buffer between kernel and agent in bytes: a power of two from 64 KiB to 1 GiB (default 8 MiB).</summary>
    public int RingBufferBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Whether TLS libraries of observed processes are probed (default <see langword="true"/>), so that what they encrypt is
    /// seen as well. A call into a probed library costs a few microseconds more, in every process that uses the same file.
    /// </summary>
    public bool Tls { get; set; } = true;

    /// <summary>How probes are attached; <see langword="null"/> for the best that the kernel has.</summary>
    internal Uprobes.UprobeMode? UprobeMode { get; set; }

    /// <summary>
    /// Connections followed at once; beyond it the one idle for longest is given up and counted (default 65536). The kernel's
    /// tables of TLS sessions and of calls into TLS libraries have room for a quarter of it, about 150 bytes of kernel memory
    /// for each connection allowed.
    /// </summary>
    public int MaxConnections { get; set; } = 65536;

    /// <summary>How often the ring is read while there is traffic (default 10 ms, 1 ms to 1 s). It bounds how late a span is.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Whether the kernel counts runs and run time of BPF programs while the session runs (default <see langword="false"/>).
    /// It then does so for every program on the machine, at two clock reads a run; needs CAP_SYS_ADMIN.
    /// </summary>
    public bool ProgramStatistics { get; set; }

    /// <summary>How old the numbers of map entries in the session's telemetry may be (default 15 s): counting them takes a system call each.</summary>
    public TimeSpan StatisticsInterval { get; set; } = TimeSpan.FromSeconds(15);

    internal void Validate(string section, ICollection<string> errors)
    {
        Require(RequestHeadBytes is >= 64 and <= LargestHeadBytes, nameof(RequestHeadBytes), RequestHeadBytes, $"64 to {LargestHeadBytes}");
        Require(MaxResponseHeadBytes is >= 64 and <= LargestHeadBytes, nameof(MaxResponseHeadBytes), MaxResponseHeadBytes, $"64 to {LargestHeadBytes}");
        Require(
            ResponseHeadBytes >= 64 && ResponseHeadBytes <= MaxResponseHeadBytes,
            nameof(ResponseHeadBytes),
            ResponseHeadBytes,
            $"64 to {nameof(MaxResponseHeadBytes)} ({MaxResponseHeadBytes})");
        Require(
            RingBufferBytes is >= 65536 and <= 1 << 30 && BitOperations.IsPow2(RingBufferBytes),
            nameof(RingBufferBytes),
            RingBufferBytes,
            "a power of two from 65536 to 1073741824");
        Require(MaxConnections is >= 16 and <= 10_000_000, nameof(MaxConnections), MaxConnections, "16 to 10000000");
        Require(
            PollInterval >= TimeSpan.FromMilliseconds(1) && PollInterval <= TimeSpan.FromSeconds(1),
            nameof(PollInterval),
            PollInterval,
            "1 ms to 1 s");
        Require(StatisticsInterval >= TimeSpan.Zero, nameof(StatisticsInterval), StatisticsInterval, "zero or more");

        void Require<T>(bool holds, string option, T value, string allowed)
        {
            if (!holds)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section}.{option} is {value}; it must be {allowed}."));
            }
        }
    }
}
