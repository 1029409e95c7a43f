using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes;
using Beyla.Capture.Uprobes.Providers;
using Beyla.Discovery.Proc;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed partial class OpenSslTests
{
    // What must be probed of every release, by its role, whatever the function that shows it is.
    private static readonly ProbeRole[] Roles = [ProbeRole.Read, ProbeRole.Write, ProbeRole.Control, ProbeRole.Free];

    [Fact]
    public void The_library_that_this_process_has_loaded_is_found()
    {
        using var rsa = RSA.Create(1024);
        _ = rsa.ExportParameters(includePrivateParameters: false);

        var code = new TlsCodeFinder(new ProcFs()).Find(Environment.ProcessId);

        var target = Assert.Single(code.Targets, target => target.Library == "OpenSSL");
        Assert.Contains("OpenSSL: " + target.Name + " is covered", code.Explanation, StringComparison.Ordinal);
        Assert.Contains("libssl.so", target.Name, StringComparison.Ordinal);
        Assert.Equal(new FileInfo(target.Name).Length, target.File.Length);
        Assert.All(Roles, role => Assert.Contains(target.Code.Sites, site => site.Role == role));
        Assert.Contains(code.Targets, target => target.Library == "OpenSSL BIO" && target.Code.Use == TlsUse.MemoryBios);
        Assert.NotNull(target.Code.Layout.ClientRandom);
    }

    // Until 1.1 in a part of its own, which the session points to.
    [Theory]
    [InlineData("openssl-1.1", "1.1", 0xa8, 0xb8)]
    [InlineData("openssl-3.5", "3", null, 0x188)]
    [InlineData("openssl-sid", "3", null, 0x188)]
    public void The_place_of_the_client_random_is_read_off_the_code_of_every_release(string folder, string version, int? holder, int random)
    {
        var code = Find(Unpacked(folder, $"libssl.so.{version}"), "OpenSSL");

        Assert.Equal(new TlsLayout { ClientRandomHolder = (ushort?)holder, ClientRandom = (ushort)random }, code.Layout);
        Assert.All(Roles, role => Assert.Contains(code.Sites, site => site.Role == role));
    }

    [Fact]
    public void The_place_of_the_client_random_is_where_a_session_of_this_machines_library_has_it()
    {
        var layout = Find(Binary.LibSsl, "OpenSSL").Layout;
        var session = SslNew(SslContextNew(TlsMethod()));
        Assert.NotEqual(0, session);
        SslSetBio(session, BioNew(BioMemory()), BioNew(BioMemory()));

        // The first step of a handshake makes a random.
        SslSetConnectState(session);
        Assert.Equal(-1, SslDoHandshake(session));
        var expected = new byte[32];
        Assert.Equal(32, SslGetClientRandom(session, expected, expected.Length));
        var holder = layout.ClientRandomHolder is { } offset ? Marshal.ReadIntPtr(session, offset) : session;
        var random = new byte[32];
        Marshal.Copy(holder + layout.ClientRandom!.Value, random, 0, random.Length);
        Assert.Equal(expected, random);
    }

    [Theory]
    [InlineData("openssl-1.1/usr/lib/x86_64-linux-gnu/libssl.so.1.1", nameof(ProbeArguments.CountByPointer), nameof(ProbeArguments.CountByPointer))]
    [InlineData("openssl-3.5/usr/lib/x86_64-linux-gnu/libssl.so.3", nameof(ProbeArguments.CountByPointer), nameof(ProbeArguments.CountByFifthPointer))]
    public void Wrappers_that_would_cost_a_single_step_are_replaced_by_the_function_that_they_share(string library, string read, string write)
    {
        var path = Binary.Unpacked(library);
        var code = Find(path, "OpenSSL");

        var reader = Assert.Single(code.Sites, site => site is { Role: ProbeRole.Read } && !site.Function.Contains("early", StringComparison.Ordinal));
        var writer = Assert.Single(code.Sites, site => site is { Role: ProbeRole.Write } && !site.Function.Contains("early", StringComparison.Ordinal));
        Assert.Equal((read, write), (reader.Arguments.ToString(), writer.Arguments.ToString()));
        Assert.All([reader, writer], site => Assert.Null(site.Slow));

        // The wrapper calls it: objdump knows.
        var image = Binary.Open(path);
        var wrapper = image.Exports.Find("SSL_read_ex")!.Value;
        var call = Binary.Disassemble(path, wrapper.Address, wrapper.Address + wrapper.Size).First(instruction => instruction.Text.StartsWith("call", StringComparison.Ordinal));
        Assert.True(image.TryToCodeOffset(Convert.ToUInt64(call.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], 16), out var target));
        Assert.InRange(reader.Entry, target, target + 4);
    }

    [Fact]
    public void The_function_that_all_forms_share_has_the_probe_even_where_it_costs_as_much()
    {
        var code = Find(Unpacked("openssl-sid", "libssl.so.3"), "OpenSSL");

        // The BIOs that OpenSSL offers for sessions come to it by themselves.
        Assert.Contains(code.Sites, site => site is { Function: "SSL_read's core", Role: ProbeRole.Read, Slow: not null });
        Assert.DoesNotContain(code.Sites, site => site.Function is "SSL_read" or "SSL_read_ex" or "SSL_write_ex");
    }

    [Fact]
    public void Node_has_it_in_the_executable()
    {
        var node = Tooling.Require(new Tool("node", "nodejs"));
        var found = TlsProviders.Find(new MemoryByteSource(File.ReadAllBytes(node)), isExecutable: true);
        Assert.SkipWhen(found.IsEmpty, "This node links OpenSSL dynamically.");

        var code = Assert.Single(found, code => code.Library == "OpenSSL");
        Assert.True(code.HasPlaintext);
        Assert.NotNull(code.Layout.ClientRandom);
        Assert.All(code.Sites, site => Assert.Null(site.Slow));
    }

    [Fact]
    public void A_library_that_only_shares_the_name_is_not_taken_for_it()
    {
        var other = Binary.Compile("int SSL_ImportFD(void) { return 1; } int SSL_get_rbio(void) { return 2; }", "-shared", "-fPIC");

        var code = Assert.Single(TlsProviders.Find(new MemoryByteSource(other), isExecutable: false));

        Assert.Equal("NSS", code.Library);
        Assert.False(code.HasPlaintext);
    }

    private static TlsLibraryCode Find(string path, string library) =>
        Assert.Single(TlsProviders.Find(new MemoryByteSource(File.ReadAllBytes(path)), isExecutable: false), code => code.Library == library);

    private static string Unpacked(string folder, string library) => Binary.Unpacked($"{folder}/usr/lib/x86_64-linux-gnu/{library}");

    [LibraryImport("libssl.so.3", EntryPoint = "TLS_method")]
    private static partial nint TlsMethod();

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_CTX_new")]
    private static partial nint SslContextNew(nint method);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_new")]
    private static partial nint SslNew(nint context);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_set_bio")]
    private static partial void SslSetBio(nint session, nint readBio, nint writeBio);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_set_connect_state")]
    private static partial void SslSetConnectState(nint session);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_do_handshake")]
    private static partial int SslDoHandshake(nint session);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_get_client_random")]
    private static partial int SslGetClientRandom(nint session, byte[] random, int length);

    [LibraryImport("libcrypto.so.3", EntryPoint = "BIO_s_mem")]
    private static partial nint BioMemory();

    [LibraryImport("libcrypto.so.3", EntryPoint = "BIO_new")]
    private static partial nint BioNew(nint method);
}
