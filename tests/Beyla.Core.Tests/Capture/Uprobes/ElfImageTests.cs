using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class ElfImageTests
{
    private const string TwoFunctions = "__attribute__((noinline)) int alpha(int x) { return x * 3 + 1; } int beta_alpha(int x) { return alpha(x) + 2; } int main(void) { return beta_alpha(4); }";

    [Theory]
    [InlineData(Binary.LibSsl)]
    [InlineData(Binary.LibCrypto)]
    [InlineData(Binary.LibGnuTls)]
    public void Every_exported_function_is_where_readelf_sees_it(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"{path} is not installed.");
        var image = Binary.Open(path);

        var expected = Binary.Functions(path, "--dyn-syms").Where(function => function.Name.Contains("@@", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(expected);
        Assert.All(expected, function =>
        {
            var found = image.Exports.Find(function.Name[..function.Name.IndexOf('@', StringComparison.Ordinal)]);
            Assert.Equal((function.Address, function.Size), (found!.Value.Address, found.Value.Size));
        });
    }

    [Fact]
    public void What_is_not_exported_is_not_found()
    {
        var image = Binary.Open(Binary.LibSsl);

        // Imported, of another kind, a part of a name, and none.
        Assert.All(["BIO_read", "OPENSSL_3.0.0", "SSL_rea", "SSL_readx", ""], name => Assert.Null(image.Exports.Find(name)));
    }

    [Theory]
    [InlineData("-Wl,--hash-style=gnu")]
    [InlineData("-Wl,--hash-style=sysv")]
    [InlineData("-Wl,--hash-style=both")]
    public void Either_kind_of_hash_table_leads_to_an_export_also_without_section_headers(string style)
    {
        var library = Binary.Compile(TwoFunctions, "-shared", "-fPIC", style);

        Assert.All([library, Binary.WithoutSections(library)], bytes =>
        {
            var exports = Binary.Open(bytes).Exports;
            Assert.True(exports.Find("alpha")!.Value.Size > 0);
            Assert.NotEqual(exports.Find("alpha"), exports.Find("beta_alpha"));
            Assert.Null(exports.Find("gamma"));
        });
    }

    [Fact]
    public void Of_several_versions_of_a_function_the_default_one_is_found()
    {
        const string Code = """
            int old(int x) { return x; }
            int new(int x) { return x * 7 + 1; }
            __asm__(".symver old,f@V1");
            __asm__(".symver new,f@@V2");
            """;
        var script = Path.GetTempFileName();
        File.WriteAllText(script, "V1 { }; V2 { global: new; old; } V1;");
        var image = Binary.Open(Binary.Compile(Code, "-shared", "-fPIC", $"-Wl,--version-script={script}"));
        File.Delete(script);

        Assert.Equal(image.Exports.Find("new")!.Value.Address, image.Exports.Find("f")!.Value.Address);
    }

    [Fact]
    public void A_function_that_is_chosen_at_load_time_is_not_taken_for_its_chooser()
    {
        var image = Binary.Open(Binary.Compile(
            "static int a(void) { return 1; } static void *pick(void) { return a; } int f(void) __attribute__((ifunc(\"pick\"))); int g(void) { return 2; }",
            "-shared",
            "-fPIC"));

        Assert.NotNull(image.Exports.Find("g"));
        Assert.Null(image.Exports.Find("f"));
    }

    [Fact]
    public void A_function_that_is_not_exported_is_found_in_the_symbol_table_until_that_is_stripped()
    {
        var program = Binary.Compile(TwoFunctions);
        var found = new Dictionary<string, ElfFunction>();
        Binary.Open(program).Symbols.Find(["alpha", "beta_alpha", "absent"], found);

        Assert.Equal(["alpha", "beta_alpha"], found.Keys.Order());
        var alpha = found["alpha"];

        // mov/lea/imul of "x * 3 + 1" and ret: what stands at the offset is the code.
        Assert.Equal(0xc3, program[(int)alpha.Offset + (int)alpha.Size - 1]);

        found.Clear();
        Binary.Open(Binary.Compile(TwoFunctions, "-s")).Symbols.Find(["alpha"], found);
        Binary.Open(Binary.WithoutSections(program)).Symbols.Find(["alpha"], found);
        Assert.Empty(found);
    }

    [Fact]
    public void Mangled_names_are_found_by_a_part_of_them()
    {
        var program = Binary.Compile("int _ZN3lib4Read4readE(void) { return 1; } int _ZN3lib5Write5writeE(void) { return 2; } int main(void) { return _ZN3lib4Read4readE() + _ZN3lib5Write5writeE(); }");
        var found = new Dictionary<string, ElfFunction>();

        Binary.Open(program).Symbols.FindContaining(["3lib"], name => name.EndsWith("readE", StringComparison.Ordinal), found);

        Assert.Equal("_ZN3lib4Read4readE", Assert.Single(found).Key);
    }

    [Fact]
    public void Addresses_outside_of_what_is_mapped_have_no_offset()
    {
        var image = Binary.Open(Binary.LibSsl);

        Assert.True(image.TryToCodeOffset(image.Exports.Find("SSL_read")!.Value.Address, out _));
        Assert.False(image.TryToCodeOffset(0, out _));
        Assert.False(image.TryToOffset(ulong.MaxValue, out _));
    }

    [Theory]
    [InlineData("", "is no ELF file")]
    [InlineData("23212f62696e2f7368", "is no ELF file")]
    [InlineData("7f454c46010101000000000000000000020003000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "is not for x86-64")]
    [InlineData("7f454c46020101000000000000000000020 0b7000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "is not for x86-64")]
    [InlineData("7f454c46020101000000000000000000010 03e000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "is neither an executable nor a shared library")]
    public void What_cannot_be_read_says_why(string hex, string expected)
    {
        Assert.Null(ElfImage.TryRead(new MemoryByteSource(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), out var problem));
        Assert.Equal(expected, problem);
    }
}
