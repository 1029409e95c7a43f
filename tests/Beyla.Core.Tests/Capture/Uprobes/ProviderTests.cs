using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes;
using Beyla.Capture.Uprobes.Providers;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class ProviderTests
{
    [Fact]
    public void GnuTls_is_covered_and_what_only_jumps_to_another_function_is_not_probed_twice()
    {
        Assert.SkipUnless(File.Exists(Binary.LibGnuTls), "libgnutls is not installed.");
        var code = Assert.Single(Find(File.ReadAllBytes(Binary.LibGnuTls), isExecutable: false));

        Assert.Equal("GnuTLS", code.Library);
        Assert.Contains(code.Sites, site => site is { Function: "gnutls_record_recv", Role: ProbeRole.Read, Arguments: ProbeArguments.Count, NeedsReturn: true });
        Assert.Equal("gnutls_record_send2", Assert.Single(code.Sites, site => site is { Role: ProbeRole.Write, Arguments: ProbeArguments.Count }).Function);
        Assert.Contains(code.Sites, site => site is { Function: "gnutls_handshake", Role: ProbeRole.Control });
        Assert.Contains(code.Sites, site => site is { Function: "gnutls_deinit", Role: ProbeRole.Free, NeedsReturn: false });
        Assert.All(code.Sites, site => Assert.Empty(site.Returns));
    }

    [Fact]
    public void Libcrypto_shows_ciphertext_and_no_plaintext()
    {
        var code = Assert.Single(Find(File.ReadAllBytes(Binary.LibCrypto), isExecutable: false));

        Assert.Equal(TlsUse.MemoryBios, code.Use);
        Assert.False(code.HasPlaintext);
        Assert.Contains(code.Sites, site => site is { Role: ProbeRole.BioWrite, NeedsReturn: false });
        Assert.Contains(code.Sites, site => site is { Role: ProbeRole.BioRead, NeedsReturn: true });
    }

    [Fact]
    public void Java_is_recognised_and_said_not_to_be_covered()
    {
        var library = Binary.Compile("int JNI_CreateJavaVM(void) { return 0; }", "-shared", "-fPIC");

        var code = Assert.Single(Find(library, isExecutable: false));

        Assert.Equal(("JSSE", false), (code.Library, code.HasPlaintext));
        Assert.Contains("not covered", code.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../vendor/boringssl/ssl/tls_record.cc", "BoringSSL")]
    [InlineData("/root/.cargo/registry/src/index.crates.io/rustls-0.23.40/src/conn.rs", "rustls")]
    [InlineData("ssl/record/rec_layer_s3.c", "OpenSSL")]
    public void An_executable_with_a_stripped_library_in_it_says_which(string trace, string library)
    {
        var program = Binary.Compile($"#include <stdio.h>\nint main(void) {{ puts(\"{trace}\"); return 0; }}", "-s");

        var code = Assert.Single(Find(program, isExecutable: true));

        Assert.Empty(code.Sites);
        Assert.Contains($"{library} is linked into it and its symbols are stripped", code.Explanation, StringComparison.Ordinal);
        Assert.Empty(Find(program, isExecutable: false));
    }

    [Theory]
    [InlineData("-Wl,-z,separate-code")]
    [InlineData("-Wl,-z,noseparate-code")]
    public void So_does_a_library_that_is_large_enough_for_one(string layout)
    {
        const string Trace = "third_party/boringssl-with-bazel/src/ssl/ssl_lib.cc";
        var small = $"const char *trace(void) {{ return \"{Trace}\"; }}";

        var code = Assert.Single(Find(Binary.Compile($"{small}\nchar room[1 << 20] = {{1}};", "-s", "-shared", "-fPIC", layout), isExecutable: false));

        Assert.Empty(code.Sites);
        Assert.Contains("BoringSSL is linked into it and its symbols are stripped", code.Explanation, StringComparison.Ordinal);
        Assert.Empty(Find(Binary.Compile(small, "-s", "-shared", "-fPIC"), isExecutable: false));
    }

    [Fact]
    public void A_program_without_TLS_has_no_findings()
    {
        Assert.Empty(Find(Binary.Compile("int main(void) { return 0; }"), isExecutable: true));
        Assert.Empty(Find("#!/bin/sh\n"u8.ToArray(), isExecutable: true));
    }

    [Fact]
    public void Functions_of_a_library_in_an_executable_are_found_without_being_exported()
    {
        const string Code = """
            __attribute__((noinline)) int SSL_read(void *s, void *b, int n) { return n + (s == b); }
            __attribute__((noinline)) int SSL_write(void *s, void *b, int n) { return n - (s == b); }
            int main(int n, char **v) { return SSL_read(v, v, n) + SSL_write(v, v, n); }
            """;

        var code = Assert.Single(Find(Binary.Compile(Code), isExecutable: true));

        Assert.True(code.HasPlaintext);
        Assert.Equal(["SSL_read", "SSL_write"], code.Sites.Select(site => site.Function).Order());
        Assert.Empty(Find(Binary.Compile(Code, "-s"), isExecutable: true));
    }

    [Theory]
    [InlineData("_ZN71_$LT$rustls..conn..connection..Reader$u20$as$u20$std..io..Read$GT$4read17h5d0ae1fcb9fd0b1eE", "Read Rust")]
    [InlineData("_ZN59_$LT$rustls..conn..Reader$u20$as$u20$std..io..Read$GT$4read17h5d0ae1fcb9fd0b1eE", "Read Rust")]
    [InlineData("_ZN72_$LT$rustls..conn..connection..Writer$u20$as$u20$std..io..Write$GT$5write17h5d0ae1fcb9fd0b1eE", "Write Rust")]
    [InlineData("_ZN72_$LT$rustls..conn..connection..Writer$u20$as$u20$std..io..Write$GT$14write_vectored17h5d0ae1fcb9fd0b1eE", "Write RustVectored")]
    [InlineData("_ZN72_$LT$rustls..conn..connection..Writer$u20$as$u20$std..io..Write$GT$5flush17h5d0ae1fcb9fd0b1eE", null)]
    [InlineData("_ZN71_$LT$rustls..conn..connection..Reader$u20$as$u20$std..io..Read$GT$8read_buf17h5d0ae1fcb9fd0b1eE", null)]
    [InlineData("_ZN6rustls4conn10connection6Reader4read17h5d0ae1fcb9fd0b1eE", null)]
    [InlineData("_ZN6rustls4msgs8deframer7buffers17DeframerVecBuffer4read17h5d0ae1fcb9fd0b1eE", "Control RustConnection")]
    [InlineData("_ZN6rustls4msgs8deframer15MessageDeframer4read17h5d0ae1fcb9fd0b1eE", "Control RustConnection")]
    [InlineData("_ZN6rustls4msgs8deframer7buffers17DeframerVecBuffer7discard17h5d0ae1fcb9fd0b1eE", null)]
    [InlineData("_RNvXs1_NtNtCsd7ERdJJZYUV_6rustls4conn10connectionNtB5_6ReaderNtNtCs5DV5YBhhTa4_3std2io4Read4read", "Read Rust")]
    [InlineData("_RNvXs3_NtNtCsd7ERdJJZYUV_6rustls4conn10connectionNtB5_6WriterNtNtCs5DV5YBhhTa4_3std2io5Write5write", "Write Rust")]
    [InlineData("_RNvXs3_NtNtCsd7ERdJJZYUV_6rustls4conn10connectionNtB5_6WriterNtNtCs5DV5YBhhTa4_3std2io5Write5flush", null)]
    [InlineData("_RNvMNtNtNtCsd7ERdJJZYUV_6rustls4msgs8deframer7buffersNtB2_17DeframerVecBuffer4read", "Control RustConnection")]
    [InlineData("main", null)]
    public void The_functions_of_rustls_are_known_by_their_mangled_names(string name, string? expected)
    {
        Assert.Equal(expected, RustlsProvider.FunctionOf(name) is { } function ? $"{function.Role} {function.Arguments}" : null);
    }

    private static TlsLibraryCode[] Find(byte[] bytes, bool isExecutable) => [.. TlsProviders.Find(new MemoryByteSource(bytes), isExecutable)];
}
