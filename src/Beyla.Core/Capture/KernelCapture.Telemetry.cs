using System.Diagnostics;
using System.Globalization;
using Beyla.Native;
using Beyla.Telemetry;

namespace Beyla.Capture;

/// <content>What the kernel side tells about itself.</content>
internal sealed partial class KernelCapture : ITelemetrySource
{
    private readonly List<(string[] Attributes, BpfMap Map, long Entries)> _maps = [];
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
            CollectMaps(visitor, _object);
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

    private void CollectPrograms(ITelemetryVisitor visitor, BpfObject programs)
    {
        var all = Loaded(programs).Select(static program =>
        {
            var info = program.GetInfo();
            return (Info: info, Attributes: (string[])[Text(info.Id), program.Type.ToString(), program.Name]);
        }).ToArray();

        // Zero would say that a program never ran, where nobody counts.
        if (_statistics is not null || all.Any(static program => program.Info.RunCount > 0))
        {
            Each(SessionInstruments.ProbeExecutions, static info => info.RunCount);
            Each(SessionInstruments.ProbeLatency, static info => info.RunTimeNanoseconds / 1e9);
        }

        Each(SessionInstruments.ProbeMisses, static info => info.RecursionMisses);

        void Each(TelemetryInstrument instrument, Func<BpfProgramInfo, double> value)
        {
            foreach (var (info, attributes) in all)
            {
                visitor.Visit(instrument, value(info), attributes);
            }
        }
    }

    private void CollectMaps(ITelemetryVisitor visitor, BpfObject maps)
    {
        CountEntries(maps);
        foreach (var (attributes, _, entries) in _maps)
        {
            visitor.Visit(SessionInstruments.MapEntries, entries, attributes);
        }

        foreach (var (attributes, map, _) in _maps)
        {
            visitor.Visit(SessionInstruments.MapMaxEntries, map.MaxEntries, attributes);
        }
    }

    // The kernel keeps no count, and copies all there is to be counted: done now and then, and not for every scrape.
    private void CountEntries(BpfObject maps)
    {
        if (_maps.Count > 0 && Stopwatch.GetElapsedTime(_entriesCountedAt) < options.StatisticsInterval)
        {
            return;
        }

        if (_maps.Count == 0)
        {
            _maps.AddRange(maps.Maps
                .Where(static map => map.Type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash)
                .Select(static map => ((string[])[Text(map.Id), map.Name, KernelNames.Of(map.Type)], map, 0L)));
        }

        _entriesCountedAt = Stopwatch.GetTimestamp();
        for (var i = 0; i < _maps.Count; i++)
        {
            _maps[i] = _maps[i] with { Entries = _maps[i].Map.CountEntries() };
        }
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
