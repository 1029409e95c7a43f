namespace Beyla.Native.Tests;

public unsafe class BpfMapTests
{
    [Fact]
    public void A_hash_map_adds_reads_lists_and_removes()
    {
        using var test = Kernel.Load();
        var hash = new BpfHashMap<ulong, Mirrored>(test.GetMap("hash"));
        Assert.False(hash.TryGet(7, out _));
        hash.Set(7, new Mirrored { First = 1, Last = 2, Whole = ulong.MaxValue });
        Assert.True(hash.TryGet(7, out var value));
        Assert.Equal((1u, 2, ulong.MaxValue), (value.First, value.Last, value.Whole));
        Assert.False(hash.SetIfAbsent(7, default));
        Assert.True(hash.SetIfAbsent(8, default));
        hash.Set(7, new Mirrored { First = 9 });
        Assert.True(hash.TryGet(7, out value));
        Assert.Equal(9u, value.First);
        Assert.Equal([7UL, 8UL], hash.Keys.Order());
        Assert.True(hash.Remove(7));
        Assert.False(hash.Remove(7));
        Assert.Equal([8UL], hash.Keys);
        Assert.Equal(1, hash.Clear());
        Assert.Empty(hash.Keys);
    }

    [Fact]
    public void A_full_hash_map_refuses_with_a_way_out()
    {
        using var test = Kernel.Open();
        test.GetMap("hash").MaxEntries = 2;
        test.Load();
        Assert.Throws<InvalidOperationException>(() => test.GetMap("hash").MaxEntries = 3);
        var hash = new BpfHashMap<ulong, Mirrored>(test.GetMap("hash"));
        hash.Set(1, default);
        hash.Set(2, default);
        var exception = Assert.Throws<BpfException>(() => hash.Set(3, default));
        Assert.Equal(Errno.E2BIG, exception.Errno);
        Assert.Equal(2, hash.Clear());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20_000)]
    public void Entries_are_counted_however_many_they_are(int entries)
    {
        using var test = Kernel.Open();
        test.GetMap("hash").MaxEntries = 32_768;
        test.Load();
        var hash = new BpfHashMap<ulong, Mirrored>(test.GetMap("hash"));
        for (var i = 0; i < entries; i++)
        {
            hash.Set((ulong)i, default);
        }

        Assert.Equal(entries, test.GetMap("hash").CountEntries());
        Assert.Throws<InvalidOperationException>(() => test.GetMap("array").CountEntries());
    }

    [Fact]
    public void Views_of_another_size_or_type_are_refused()
    {
        using var test = Kernel.Load();
        Assert.Contains("8 and values of 24", Assert.Throws<ArgumentException>(() => new BpfHashMap<uint, Mirrored>(test.GetMap("hash"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BpfHashMap<ulong, ulong>(test.GetMap("hash")));
        Assert.Throws<ArgumentException>(() => new BpfHashMap<uint, ulong>(test.GetMap("array")));
        Assert.Throws<ArgumentException>(() => new BpfArrayMap<uint>(test.GetMap("array")));
        Assert.Throws<ArgumentException>(() => new BpfArrayMap<uint>(test.GetMap("counters")));
        Assert.Throws<ArgumentException>(() => new BpfPerCpuArray<ulong>(test.GetMap("counters")));
        Assert.Throws<ArgumentException>(() => new MappedArray(test.GetMap("array")));
        Assert.Throws<ArgumentException>(() => new RingBufferReader(test.GetMap("array")));
    }

    [Fact]
    public void An_array_map_reads_what_the_program_writes_and_the_reverse()
    {
        using var test = Kernel.Load();
        var array = new BpfArrayMap<ulong>(test.GetMap("array"));
        Assert.Equal(16, array.Length);
        array[1] = 41;
        Assert.Equal(0, test.GetProgram("count").TestRun());
        Assert.Equal(42UL, array[1]);
        Assert.Throws<BpfException>(() => array[16]);
    }

    [Fact]
    public void A_per_CPU_array_has_a_value_for_each_possible_CPU()
    {
        using var test = Kernel.Load();
        var counters = new BpfPerCpuArray<uint>(test.GetMap("counters"));
        Assert.Equal(BpfRuntime.PossibleCpus, counters.Read(1).Length);
        counters.Fill(1, 100);
        Assert.Equal(0, test.GetProgram("count").TestRun());
        Assert.Equal((100u * (uint)counters.CpuCount) + 5, counters.Sum(1));
        Assert.Equal(1, counters.Read(1).Count(v => v == 105));
        Assert.All(counters.Read(0), v => Assert.Equal(0u, v));
    }

    [Fact]
    public void A_mapped_array_shares_memory_with_the_program()
    {
        using var test = Kernel.Load();
        using var mapped = new MappedArray(test.GetMap("mapped"));
        Assert.Equal((1000, 16), (mapped.Length, mapped.Stride));
        Assert.Equal(16_000, mapped.Bytes.Length);
        mapped.Bytes[(999 * 16) + 11] = 6;
        Assert.Equal(0, test.GetProgram("count").TestRun());
        Assert.Equal(7, mapped.At<byte>((999 * 16) + 11));
        Assert.Equal(7u, mapped.Element<Twelve>(999).Bytes[11]);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.At<long>(16_000 - 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Element<byte>(1000));
        mapped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapped.Bytes.Length);
    }

    [Fact]
    public void A_variable_of_the_object_is_shared_memory_too_and_outlives_it()
    {
        MappedArray variables;
        int offset;
        using (var test = Kernel.Load())
        {
            (offset, var size) = test.Btf.GetVariable(".bss", "records_lost");
            Assert.Equal(8, size);
            variables = new MappedArray(test.GetMap(".bss"));
        }

        variables.At<ulong>(offset) = 5;
        Assert.Equal(5UL, variables.At<ulong>(offset));
        variables.Dispose();
    }

    private struct Twelve
    {
        internal fixed byte Bytes[12];
    }
}
