using System.Runtime.CompilerServices;
using Beyla.Capture;
using Beyla.Capture.Abi;
using Beyla.Discovery;
using Beyla.Native;

namespace Beyla.Core.Tests.Capture;

/// <summary>The mirrors of bpf/abi in C# have the layout with which the BPF programs were compiled. Needs no rights: nothing is loaded.</summary>
public sealed class AbiTests : IDisposable
{
    private readonly BpfObject _object = Open();

    [Fact]
    public unsafe void Socket_records_have_the_layout_of_C()
    {
        var mirror = default(SocketRecord);
        var start = (byte*)&mirror;
        ExpectLayout(
            "beyla_socket_record",
            sizeof(SocketRecord),
            ("kind", (byte*)&mirror.Kind - start, sizeof(RecordKind)),
            ("tgid", (byte*)&mirror.Tgid - start, sizeof(uint)),
            ("time_ns", (byte*)&mirror.TimeNs - start, sizeof(ulong)),
            ("cookie", (byte*)&mirror.Cookie - start, sizeof(ulong)),
            ("sent_position", (byte*)&mirror.SentPosition - start, sizeof(uint)),
            ("received_position", (byte*)&mirror.ReceivedPosition - start, sizeof(uint)),
            ("length", (byte*)&mirror.Length - start, sizeof(uint)),
            ("captured", (byte*)&mirror.Captured - start, sizeof(uint)),
            ("event", (byte*)&mirror.Event - start, sizeof(SocketEvent)),
            ("flags", (byte*)&mirror.Flags - start, sizeof(SocketFlags)),
            ("family", (byte*)&mirror.Family - start, sizeof(AddressFamily)),
            ("tail_length", &mirror.TailLength - start, sizeof(byte)),
            ("local_port", (byte*)&mirror.LocalPort - start, sizeof(ushort)),
            ("remote_port", (byte*)&mirror.RemotePort - start, sizeof(ushort)),
            ("local_address", (byte*)&mirror.LocalAddress - start, sizeof(SocketRecord.Bytes16)),
            ("remote_address", (byte*)&mirror.RemoteAddress - start, sizeof(SocketRecord.Bytes16)),
            ("tail", (byte*)&mirror.Tail - start, sizeof(SocketRecord.Bytes16)));
    }

    [Fact]
    public unsafe void Pieces_have_the_layout_of_C()
    {
        var mirror = default(Piece);
        var start = (byte*)&mirror;
        ExpectLayout("beyla_piece", sizeof(Piece), ("offset", (byte*)&mirror.Offset - start, sizeof(uint)), ("length", (byte*)&mirror.Length - start, sizeof(uint)));
    }

    [Fact]
    public unsafe void Process_records_have_the_layout_of_C()
    {
        var mirror = default(ProcessRecord);
        var start = (byte*)&mirror;
        ExpectLayout(
            "beyla_process_record",
            sizeof(ProcessRecord),
            ("kind", (byte*)&mirror.Kind - start, sizeof(RecordKind)),
            ("tgid", (byte*)&mirror.Tgid - start, sizeof(uint)),
            ("time_ns", (byte*)&mirror.TimeNs - start, sizeof(ulong)),
            ("parent_tgid", (byte*)&mirror.ParentTgid - start, sizeof(uint)),
            ("port", (byte*)&mirror.Port - start, sizeof(ushort)),
            ("event", (byte*)&mirror.Event - start, sizeof(ProcessEvent)),
            ("watched", &mirror.Watched - start, sizeof(byte)),
            ("path", (byte*)&mirror.Path - start, sizeof(ProcessRecord.PathBytes)));
    }

    [Fact]
    public unsafe void Plaintext_records_have_the_layout_of_C()
    {
        var mirror = default(PlaintextRecord);
        var start = (byte*)&mirror;
        ExpectLayout(
            "beyla_plaintext_record",
            sizeof(PlaintextRecord),
            ("kind", (byte*)&mirror.Kind - start, sizeof(RecordKind)),
            ("pad", (byte*)&mirror.Pad - start, sizeof(uint)),
            ("began_ns", (byte*)&mirror.BeganNs - start, sizeof(ulong)),
            ("socket", (byte*)&mirror.Socket - start, sizeof(ulong)),
            ("random", (byte*)&mirror.Random - start, sizeof(PlaintextRecord.Bytes32)),
            ("io", (byte*)&mirror.Io - start, sizeof(SocketRecord)));
    }

    [Fact]
    public unsafe void Ciphertext_records_have_the_layout_of_C()
    {
        var mirror = default(CiphertextRecord);
        var start = (byte*)&mirror;
        ExpectLayout(
            "beyla_ciphertext_record",
            sizeof(CiphertextRecord),
            ("kind", (byte*)&mirror.Kind - start, sizeof(RecordKind)),
            ("tgid", (byte*)&mirror.Tgid - start, sizeof(uint)),
            ("time_ns", (byte*)&mirror.TimeNs - start, sizeof(ulong)),
            ("session", (byte*)&mirror.Session - start, sizeof(ulong)),
            ("received", (byte*)&mirror.Received - start, sizeof(uint)),
            ("length", (byte*)&mirror.Length - start, sizeof(uint)),
            ("bytes", (byte*)&mirror.Bytes - start, sizeof(PlaintextRecord.Bytes32)));
    }

    [Fact]
    public unsafe void Places_of_probes_have_the_layout_of_C()
    {
        var mirror = default(ProbeSite);
        var start = (byte*)&mirror;
        ExpectLayout(
            "beyla_tls_site",
            sizeof(ProbeSite),
            ("role", (byte*)&mirror.Role - start, sizeof(ProbeRole)),
            ("arguments", (byte*)&mirror.Arguments - start, sizeof(ProbeArguments)),
            ("flags", (byte*)&mirror.Flags - start, sizeof(ProbeFlags)),
            ("pad", &mirror.Pad - start, sizeof(byte)),
            ("random_base", (byte*)&mirror.RandomBase - start, sizeof(ushort)),
            ("random_offset", (byte*)&mirror.RandomOffset - start, sizeof(ushort)));
        Assert.Equal(sizeof(ulong), sizeof(ProbeSite));
    }

    [Fact]
    public unsafe void Verdicts_have_the_layout_of_C()
    {
        var watch = default(Watch);
        var startOfWatch = (byte*)&watch;
        ExpectLayout(
            "beyla_watch",
            sizeof(Watch),
            ("head_bytes", (byte*)&watch.HeadBytes - startOfWatch, sizeof(uint)),
            ("provisional", (byte*)&watch.Provisional - startOfWatch, sizeof(uint)),
            ("tls", (byte*)&watch.Tls - startOfWatch, sizeof(TlsThreads)),
            ("goroutine", (byte*)&watch.Goroutine - startOfWatch, sizeof(int)));
        var control = default(Control);
        var startOfControl = (byte*)&control;
        ExpectLayout(
            "beyla_control",
            sizeof(Control),
            ("flags", (byte*)&control.Flags - startOfControl, sizeof(ControlFlags)),
            ("quiet_sent", (byte*)&control.QuietSent - startOfControl, sizeof(uint)),
            ("quiet_received", (byte*)&control.QuietReceived - startOfControl, sizeof(uint)));
    }

    [Fact]
    public void Maps_have_room_for_what_is_read_and_written()
    {
        ExpectMap("watched", BpfMapType.Hash, sizeof(uint), Unsafe.SizeOf<Watch>());
        ExpectMap("control", BpfMapType.LruHash, sizeof(ulong), Unsafe.SizeOf<Control>());
        ExpectMap("counters", BpfMapType.PerCpuArray, sizeof(uint), sizeof(long));
        ExpectMap("reader_asleep", BpfMapType.Array, sizeof(uint), sizeof(uint));
        ExpectMap("listen_ports", BpfMapType.Array, sizeof(uint), sizeof(ulong));
        Assert.Equal((int)KernelCounter.Max, _object.GetMap("counters").MaxEntries);
        Assert.Equal(PortSet.BitmapWords, _object.GetMap("listen_ports").MaxEntries);
    }

    [Theory]
    [InlineData("beyla_record_kind", typeof(RecordKind), "BEYLA_RECORD_")]
    [InlineData("beyla_socket_event", typeof(SocketEvent), "BEYLA_SOCKET_")]
    [InlineData("beyla_socket_flags", typeof(SocketFlags), "BEYLA_SOCKET_")]
    [InlineData("beyla_process_event", typeof(ProcessEvent), "BEYLA_PROCESS_")]
    [InlineData("beyla_control_flags", typeof(ControlFlags), "BEYLA_CONTROL_")]
    [InlineData("beyla_tls_threads", typeof(TlsThreads), "BEYLA_TLS_")]
    [InlineData("beyla_tls_role", typeof(ProbeRole), "BEYLA_TLS_")]
    [InlineData("beyla_tls_arguments", typeof(ProbeArguments), "BEYLA_TLS_")]
    [InlineData("beyla_tls_site_flags", typeof(ProbeFlags), "BEYLA_TLS_SITE_")]
    [InlineData("beyla_counter", typeof(KernelCounter), "BEYLA_COUNT_")]
    public void Constants_are_those_of_C(string name, Type mirror, string prefix)
    {
        // Only C# has a name for no flag at all.
        var expected = Enum.GetNames(mirror)
            .Where(static constant => constant != "None")
            .ToDictionary(static constant => constant, constant => Convert.ToInt64(Enum.Parse(mirror, constant), null));
        var actual = _object.Btf.GetEnumValues(name)
            .ToDictionary(constant => InPascalCase(constant.Key[prefix.Length..]), static constant => constant.Value);
        Assert.Equal(expected.OrderBy(static pair => pair.Value), actual.OrderBy(static pair => pair.Value));
    }

    [Theory]
    [InlineData("cfg_self_tgid")]
    [InlineData("cfg_report_exec")]
    [InlineData("cfg_request_head_bytes")]
    [InlineData("cfg_head_bytes")]
    public void Knobs_have_32_bits(string knob) => Assert.Equal(sizeof(uint), _object.Btf.GetVariable(".rodata", knob).Size);

    public void Dispose() => _object.Dispose();

    /// <summary>What the build could not make for lack of tools can't be compared; it has said so.</summary>
    private static BpfObject Open()
    {
        try
        {
            return BpfObject.Open(BpfObjects.Read(), "beyla");
        }
        catch (Exception problem) when (problem is BeylaStartException or BpfLibraryNotFoundException)
        {
            Assert.Skip(problem.Message);
            throw;
        }
    }

    private void ExpectLayout(string name, int size, params (string Field, long Offset, int Size)[] mirror)
    {
        var layout = _object.Btf.GetStructLayout(name, out var actualSize);
        Assert.Equal(size, actualSize);
        Assert.Equal(
            mirror.OrderBy(static field => field.Offset),
            layout.Select(static field => (field.Key, (long)field.Value.Offset, field.Value.Size)).OrderBy(static field => field.Item2));
    }

    private void ExpectMap(string name, BpfMapType type, int keySize, int valueSize)
    {
        var map = _object.GetMap(name);
        Assert.Equal((type, keySize, valueSize), (map.Type, map.KeySize, map.ValueSize));
    }

    private static string InPascalCase(string constant) =>
        string.Concat(constant.Split('_').Select(static word => word[..1] + word[1..].ToLowerInvariant()));
}
