using System.Diagnostics;
using Beyla.Native;
using Beyla.Telemetry;

namespace Beyla.Capture;

/// <content>What the kernel side tells about itself.</content>
internal sealed partial class KernelCapture : ITelemetrySource
{
    private const string WatchedMap = "watched";
    private const string ControlMap = "control";

    private readonly Dictionary<string, long> _entries = new(StringComparer.Ordinal);
    private IDisposable? _statistics;
    private long _entriesCountedAt;
    private long _peakBytes;

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        lock (_lifetime)
        {
            if (_disposed || _object is null || _ring is null)
            {
                return;
            }

            visitor.Visit(SessionInstruments.RingSize, _ring.Capacity);
            visitor.Visit(SessionInstruments.RingUsed, _ring.PendingBytes);
            visitor.Visit(SessionInstruments.RingUsedPeak, Volatile.Read(ref _peakBytes));
            CollectPrograms(visitor, _object);
            CollectMaps(visitor);
        }
    }

    private void EnableStatistics()
    {
        if (!options.ProgramStatistics)
        {
            return;
        }

        try
        {
            _statistics = BpfRuntime.EnableStatistics();
        }
        catch (BpfException exception)
        {
            CaptureLog.NoProgramStatistics(logger, exception.Message);
        }
    }

    private static void CollectPrograms(ITelemetryVisitor visitor, BpfObject programs)
    {
        (string Name, BpfProgramInfo Info)[] all = [.. programs.Programs.Select(program => (program.Name, program.GetInfo()))];
        foreach (var (name, info) in all)
        {
            visitor.Visit(SessionInstruments.ProgramRuns, info.RunCount, name);
        }

        foreach (var (name, info) in all)
        {
            visitor.Visit(SessionInstruments.ProgramTime, info.RunTimeNanoseconds / 1e9, name);
        }

        foreach (var (name, info) in all)
        {
            visitor.Visit(SessionInstruments.ProgramMisses, info.RecursionMisses, name);
        }
    }

    private void CollectMaps(ITelemetryVisitor visitor)
    {
        CountEntries();
        foreach (var (map, entries) in _entries)
        {
            visitor.Visit(SessionInstruments.MapEntries, entries, map);
        }

        foreach (var map in _entries.Keys)
        {
            visitor.Visit(SessionInstruments.MapMaxEntries, _object!.GetMap(map).MaxEntries, map);
        }
    }

    // The kernel keeps no count: each entry is a call, so it is done now and then, and not for every scrape.
    private void CountEntries()
    {
        if (_entries.Count > 0 && Stopwatch.GetElapsedTime(_entriesCountedAt) < options.StatisticsInterval)
        {
            return;
        }

        _entriesCountedAt = Stopwatch.GetTimestamp();
        _entries[WatchedMap] = _watched!.Keys.LongCount();
        _entries[ControlMap] = _control!.Keys.LongCount();
    }
}
