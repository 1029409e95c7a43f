using System.Runtime.InteropServices;
using Beyla.Tests.Shared;

namespace Beyla.Native.Tests;

public class RingBufferTests
{
    private const int LengthMask = 511;

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    public void Every_byte_of_every_record_arrives_in_order_over_many_turns_of_the_ring(uint discardEvery)
    {
        using var test = Kernel.Load();
        using var reader = new RingBufferReader(test.GetMap("ring"));
        var checker = new Checker { DiscardEvery = discardEvery };
        const int Batch = 100;
        const int Batches = 400;
        for (var i = 0u; i < Batches; i++)
        {
            Produce(test, Batch, discardEvery, i * Batch);
            Assert.True(reader.PendingBytes > 0);
            reader.Drain(ref checker, int.MaxValue);
            Assert.Equal(0, reader.PendingBytes);
        }

        var discarded = discardEvery == 0 ? 0 : (Batch * Batches + (int)discardEvery - 1) / (int)discardEvery;
        Assert.Equal((Batch * Batches) - discarded, checker.Records);
        Assert.True(checker.Bytes > 50 * reader.Capacity, $"{checker.Bytes} bytes are too few turns");
    }

    [Fact]
    public void A_drain_stops_at_its_limit_and_goes_on_where_it_stopped()
    {
        using var test = Kernel.Load();
        using var reader = new RingBufferReader(test.GetMap("ring"));
        Produce(test, 100, 0, 0);
        var checker = new Checker();
        Assert.Equal(30, reader.Drain(ref checker, 30));
        Assert.Equal(30, reader.Drain(ref checker, 30));
        Assert.Equal(40, reader.Drain(ref checker, 1000));
        Assert.Equal(0, reader.Drain(ref checker, 1000));
        Assert.Equal(100, checker.Records);
    }

    [Fact]
    public void A_handler_that_throws_loses_only_its_own_record()
    {
        using var test = Kernel.Load();
        using var reader = new RingBufferReader(test.GetMap("ring"));
        Produce(test, 10, 0, 0);
        var checker = new Checker { ThrowAt = 4 };
        Assert.Throws<InvalidOperationException>(() => reader.Drain(ref checker, 100));
        Assert.Equal(4, checker.Records);
        var rest = new Checker { Next = 5 };
        Assert.Equal(5, reader.Drain(ref rest, 100));
    }

    [Fact]
    public void A_full_ring_refuses_records_and_takes_new_ones_after_a_drain()
    {
        using var test = Kernel.Load();
        using var reader = new RingBufferReader(test.GetMap("ring"));
        using var variables = new MappedArray(test.GetMap(".bss"));
        var lost = test.Btf.GetVariable(".bss", "records_lost").Offset;
        Produce(test, 1000, 0, 0);
        var checker = new Counter();
        var read = reader.Drain(ref checker, int.MaxValue);
        Assert.InRange(read, 1, 999);
        Assert.Equal(1000UL - (ulong)read, variables.At<ulong>(lost));
        Assert.Equal(65_536, reader.Capacity);
        Produce(test, 10, 0, 0);
        Assert.Equal(10, reader.Drain(ref checker, int.MaxValue));
    }

    [Fact]
    public void Draining_allocates_nothing()
    {
        using var test = Kernel.Load();
        using var reader = new RingBufferReader(test.GetMap("ring"));
        var checker = new Counter();
        Assert.Equal(0, Allocations.Of(() => Produce(test, 100, 0, 0), () => reader.Drain(ref checker, int.MaxValue)));
        Assert.InRange(checker.Records, 200, 100 * Allocations.MaxRuns);
    }

    [Fact]
    public void The_reader_outlives_the_object()
    {
        RingBufferReader reader;
        using (var test = Kernel.Load())
        {
            reader = new RingBufferReader(test.GetMap("ring"));
            Produce(test, 5, 0, 0);
        }

        var checker = new Checker();
        Assert.Equal(5, reader.Drain(ref checker, 100));
        Assert.Equal(RingWaitResult.TimedOut, reader.Wait(TimeSpan.FromMilliseconds(1)));
        reader.Dispose();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.Drain(ref checker, 1));
        Assert.Throws<ObjectDisposedException>(reader.Wake);
    }

    private static void Produce(BpfObject test, uint records, uint discardEvery, uint first)
    {
        Span<uint> order = [records, discardEvery, first];
        Assert.Equal((int)records, test.GetProgram("produce").TestRun(MemoryMarshal.AsBytes(order)));
    }

    /// <summary>Compares each record with what the program must have written.</summary>
    private struct Checker : IRingRecordHandler
    {
        internal uint DiscardEvery;
        internal uint Next;
        internal int Records;
        internal long Bytes;
        internal int? ThrowAt;

        public void OnRecord(ReadOnlySpan<byte> record)
        {
            if (Records == ThrowAt)
            {
                throw new InvalidOperationException("as told");
            }

            if (DiscardEvery != 0 && Next % DiscardEvery == 0)
            {
                Next++;
            }

            Assert.Equal((int)(4 + (Next * 7 & LengthMask)), record.Length);
            for (var i = 0; i < record.Length; i++)
            {
                if (record[i] != (byte)(Next + i))
                {
                    Assert.Fail($"record {Next}, byte {i} is {record[i]}");
                }
            }

            Next++;
            Records++;
            Bytes += record.Length;
        }
    }

    private struct Counter : IRingRecordHandler
    {
        internal int Records;

        public void OnRecord(ReadOnlySpan<byte> record) => Records++;
    }
}
