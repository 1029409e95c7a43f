using Beyla.Capture.Uprobes;
using CsCheck;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>An observed process chooses what its files contain. Whatever that is, the look at it ends, and throws nothing.</summary>
public sealed class HostileFileTests
{
    private static readonly byte[] Library = File.ReadAllBytes(Binary.LibSsl);

    [Fact]
    public void A_file_that_ends_anywhere_is_read_as_far_as_it_goes()
    {
        var whole = TlsProviders.Find(new MemoryByteSource(Library), isExecutable: true);
        Assert.NotEmpty(whole);

        // All lengths around the headers, and a spread of the rest.
        foreach (var length in Enumerable.Range(0, 512).Concat(Enumerable.Range(1, 1500).Select(i => (int)((long)i * Library.Length / 1500) - 1)))
        {
            var found = TlsProviders.Find(new MemoryByteSource(Library.AsMemory(..length)), isExecutable: true);
            Assert.True(found.Length <= whole.Length);
        }
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_read_is_read_as_far_as_it_goes()
    {
        foreach (var length in Enumerable.Range(0, 200).Select(i => i * Library.Length / 200))
        {
            _ = TlsProviders.Find(new PatchedSource(Library[..length], Library.Length), isExecutable: true);
        }
    }

    [Fact]
    public void Damage_anywhere_in_the_tables_of_a_library_throws_nothing()
    {
        // Headers, hash table, symbols and strings lie at the start; the section headers at the end.
        var place = Gen.OneOf(Gen.Int[0, 0x20000], Gen.Int[Library.Length - 0x1000, Library.Length - 1], Gen.Int[0, 1024]);
        Gen.Select(place, Gen.Byte).Array[1, 8].Sample(
            patches => TlsProviders.Find(new PatchedSource(Library, Library.Length, patches), isExecutable: true).Length <= 8,
            iter: 3000);
    }

    [Fact]
    public void Damage_anywhere_in_the_tables_of_a_Go_program_throws_nothing()
    {
        var program = File.ReadAllBytes(GoPrograms.Of(GoPrograms.Installed()).Single(program => program.Name == "exe").Path);
        var table = program.AsSpan().IndexOf(GoPrograms.TableMark);
        Assert.True(table > 0);
        var place = Gen.OneOf(Gen.Int[0, 1024], Gen.Int[table - 1, table + 512], Gen.Int[table, program.Length - 1]);
        Gen.Select(place, Gen.Byte).Array[1, 6].Sample(
            patches => TlsProviders.Find(new PatchedSource(program, program.Length, patches), isExecutable: true).Length <= 3,
            iter: 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(60)]
    public void A_file_without_end_is_read_for_a_bounded_time(int headerFieldToBreak)
    {
        var start = Library.ToArray();
        start[headerFieldToBreak] ^= 0x55;
        var file = new EndlessSource(start);

        _ = TlsProviders.Find(file, isExecutable: true);

        Assert.InRange(file.BytesRead, 0, 600L * 1024 * 1024);
    }

    [Fact]
    public void Tables_that_claim_the_whole_of_an_endless_file_are_read_for_a_bounded_time()
    {
        // Section headers of the test's own: a symbol table and its names, each as large as can be said.
        var start = new byte[4096];
        Library.AsSpan(0, 64).CopyTo(start);
        BitConverter.TryWriteBytes(start.AsSpan(32), 0L);
        BitConverter.TryWriteBytes(start.AsSpan(56), (short)0);
        BitConverter.TryWriteBytes(start.AsSpan(40), 64L);
        BitConverter.TryWriteBytes(start.AsSpan(60), (short)3);
        BitConverter.TryWriteBytes(start.AsSpan(62), (short)2);
        foreach (var (index, type) in new[] { (1, 2), (2, 3) })
        {
            var section = start.AsSpan(64 + (index * 64), 64);
            BitConverter.TryWriteBytes(section[4..], type);
            BitConverter.TryWriteBytes(section[24..], 1024L);
            BitConverter.TryWriteBytes(section[32..], long.MaxValue);
            BitConverter.TryWriteBytes(section[40..], 2);
        }

        "SSL_read\0"u8.CopyTo(start.AsSpan(2048));
        var file = new EndlessSource(start);

        Assert.Empty(TlsProviders.Find(file, isExecutable: true));

        Assert.InRange(file.BytesRead, 1024 * 1024, 600L * 1024 * 1024);
    }
}
