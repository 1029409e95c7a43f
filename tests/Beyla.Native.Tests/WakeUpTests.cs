using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Beyla.Native.Tests;

public class WakeUpTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task No_wake_up_is_lost_over_many_lone_records_at_random_moments()
    {
        const int Records = 25_000;
        const double MaxGap = 1_000_000; // nanoseconds, as gap is
        using var test = Kernel.Load();
        using var variables = new MappedArray(test.GetMap(".bss"));
        using var reader = new RingBufferReader(test.GetMap("ring"), variables, test.Btf.GetVariable(".bss", "reader_asleep").Offset);
        var wakesSent = test.Btf.GetVariable(".bss", "wakes_sent").Offset;
        var seen = new Seen();
        var stop = false;
        var gap = 20_000.0;
        var timeouts = 0;
        var woken = 0;
        var reading = CpuPin.Run(1, () =>
        {
            var random = new Random(1);
            while (!Volatile.Read(ref stop))
            {
                reader.Drain(ref seen, int.MaxValue);
                SpinUntil(Stopwatch.GetTimestamp() + (long)(Volatile.Read(ref gap) * (0.5 + random.NextDouble())));

                // Longer than a record may take below: a wait that times out has lost a wake-up.
                var result = reader.Wait(Lost + Lost);
                timeouts += result == RingWaitResult.TimedOut ? 1 : 0;
                woken += result == RingWaitResult.Woken ? 1 : 0;
            }
        });
        var writing = CpuPin.Run(0, () =>
        {
            var program = test.GetProgram("produce_lone");
            for (var i = 1; i <= Records; i++)
            {
                // The next record comes only when this one was read, so nothing covers up for a lost wake-up. The reader lets a random
                // gap pass before it sleeps, so that the record falls anywhere around that moment.
                var before = Volatile.Read(ref variables.At<uint>(wakesSent));
                Assert.Equal(0, program.TestRun());
                var awaited = i;
                Assert.True(Kernel.Eventually(() => SpinFor(ref seen.Records, awaited), Lost), $"record {i} was not read within {Lost}");

                // Longer while the records meet the reader asleep, shorter while they meet it awake: so they fall near the boundary.
                var asleep = Volatile.Read(ref variables.At<uint>(wakesSent)) > before;
                Volatile.Write(ref gap, Math.Clamp(gap * (asleep ? 1.03 : 0.9), 100, MaxGap));
            }
        });
        try
        {
            await writing;
        }
        finally
        {
            Volatile.Write(ref stop, true);
            reader.Wake();
            await reading;
        }

        var wakes = variables.At<uint>(wakesSent);
        output.WriteLine($"{Records} records, {wakes} wake-ups sent, latency mean {seen.Total / Records / 1000.0:F1} us, max {seen.Longest / 1000.0:F1} us");
        Assert.Equal((0, 1), (timeouts, woken));
        Assert.Equal(Records, seen.Records);

        // Some must have met the reader asleep and some awake, or else the gaps test nothing.
        Assert.InRange(wakes, Records / 20u, Records - (Records / 1000u));
        Assert.Equal(0u, variables.At<uint>(test.Btf.GetVariable(".bss", "reader_asleep").Offset));
    }

    [Fact]
    public void The_loop_sleeps_without_traffic_and_wakes_for_the_first_record()
    {
        using var test = Kernel.Load();
        using var variables = new MappedArray(test.GetMap(".bss"));
        var asleep = test.Btf.GetVariable(".bss", "reader_asleep").Offset;
        using var reader = new RingBufferReader(test.GetMap("ring"), variables, asleep);
        var seen = new Seen();
        using var stopping = new CancellationTokenSource();
        var options = new RingBufferLoopOptions { ActiveInterval = TimeSpan.FromMilliseconds(5), MaxSleep = TimeSpan.FromSeconds(30) };
        var thread = new Thread(() => new RingBufferLoop(reader, options).Run(ref seen, stopping.Token));
        thread.Start();
        try
        {
            for (var i = 1; i <= 5; i++)
            {
                Assert.True(Kernel.Eventually(() => Volatile.Read(ref variables.At<uint>(asleep)) == 1, TimeSpan.FromSeconds(30)));
                var batches = Volatile.Read(ref seen.Batches);
                Assert.Equal(0, test.GetProgram("produce_lone").TestRun());
                Assert.True(Kernel.Eventually(() => Volatile.Read(ref seen.Records) == i, TimeSpan.FromSeconds(30)));

                // Awake for this record, then the empty looks: no more until the next.
                Assert.InRange(Volatile.Read(ref seen.Batches) - batches, 0, 3);
            }

            // Left in the ring without a notification: the cancelled loop takes it along.
            Span<uint> order = [1, 0, 4];
            Assert.True(Kernel.Eventually(() => Volatile.Read(ref variables.At<uint>(asleep)) == 1, TimeSpan.FromSeconds(30)));
            Assert.Equal(1, test.GetProgram("produce").TestRun(MemoryMarshal.AsBytes(order)));
        }
        finally
        {
            stopping.Cancel();
            thread.Join();
        }

        Assert.Equal(6, seen.Records);
        Assert.Equal(6, seen.InBatches);
    }

    [Fact]
    public void A_wake_before_the_wait_ends_it_and_a_pause_does_not_look_into_the_ring()
    {
        using var test = Kernel.Load();
        using var reader = new RingBufferReader(test.GetMap("ring"));
        reader.Wake();
        reader.Wake();
        Assert.Equal(RingWaitResult.Woken, reader.Wait(TimeSpan.FromMinutes(1)));
        Assert.Equal(RingWaitResult.TimedOut, reader.Wait(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, test.GetProgram("produce_lone").TestRun());
        Assert.False(reader.Pause(TimeSpan.FromMilliseconds(1)));
        reader.Wake();
        Assert.True(reader.Pause(TimeSpan.FromMinutes(1)));
        Assert.Equal(RingWaitResult.Data, reader.Wait(TimeSpan.FromMinutes(1)));
    }

    private static void SpinUntil(long timestamp)
    {
        while (Stopwatch.GetTimestamp() < timestamp)
        {
            Thread.SpinWait(1);
        }
    }

    private static bool SpinFor(ref int value, int atLeast)
    {
        for (var spins = 0; spins < 5_000; spins++)
        {
            if (Volatile.Read(ref value) >= atLeast)
            {
                return true;
            }
        }

        return false;
    }

    private struct Seen : IRingBatchHandler
    {
        internal int Records;
        internal int Batches;
        internal int InBatches;
        internal long Total;
        internal long Longest;

        public void OnRecord(ReadOnlySpan<byte> record)
        {
            if (record.Length >= sizeof(long))
            {
                // Both clocks are CLOCK_MONOTONIC in nanoseconds.
                var latency = Stopwatch.GetTimestamp() - MemoryMarshal.Read<long>(record);
                Total += latency;
                Longest = Math.Max(Longest, latency);
            }

            Volatile.Write(ref Records, Records + 1);
        }

        public void OnBatchEnd(int records)
        {
            InBatches += records;
            Volatile.Write(ref Batches, Batches + 1);
        }
    }
}
