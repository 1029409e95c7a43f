using System.Runtime.InteropServices;
using Beyla.Native.Handles;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>A program of a <see cref="BpfObject"/>, owned by it. Thread-safe once the object is loaded.</summary>
public sealed unsafe class BpfProgram
{
    private readonly BpfObject _object;
    private readonly bpf_program* _program;

    internal BpfProgram(BpfObject owner, bpf_program* program)
    {
        _object = owner;
        _program = program;
        Name = Utf8.ToString(LibBpf.bpf_program__name(program));
        Section = Utf8.ToString(LibBpf.bpf_program__section_name(program));
    }

    /// <summary>Name of the C function.</summary>
    public string Name { get; }

    /// <summary>The <c>SEC</c> it stands in, such as <c>tp_btf/sock_send_length</c>.</summary>
    public string Section { get; }

    /// <summary>Type that libbpf gave it from its section.</summary>
    public BpfProgramType Type
    {
        get
        {
            using var lease = _object.Lease();
            return (BpfProgramType)LibBpf.bpf_program__type(_program);
        }
    }

    /// <summary>Whether <see cref="BpfObject.Load"/> loads it. Initially so, but for a section that starts with <c>?</c>.</summary>
    /// <exception cref="InvalidOperationException">Set after the load.</exception>
    public bool AutoLoad
    {
        get
        {
            using var lease = _object.Lease();
            return LibBpf.bpf_program__autoload(_program);
        }

        set
        {
            _object.ThrowIfLoaded();
            using var lease = _object.Lease();
            BpfException.ThrowIfNegative(LibBpf.bpf_program__set_autoload(_program, value), "choose the program", Name);
        }
    }

    /// <summary>Its file descriptor, owned by the object.</summary>
    /// <exception cref="InvalidOperationException">It is not loaded.</exception>
    public int Fd
    {
        get
        {
            using var lease = _object.Lease();
            var fd = LibBpf.bpf_program__fd(_program);
            return fd >= 0 ? fd : throw new InvalidOperationException($"Program '{Name}' is not loaded.");
        }
    }

    /// <summary>Attaches it where its section says.</summary>
    /// <returns>The link: the program runs until it is disposed of.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public BpfLink Attach()
    {
        using var lease = _object.Lease();
        var log = _object.CreateLog();
        using var listening = log.Listen();
        var link = LibBpf.bpf_program__attach(_program);
        return Own(link, Marshal.GetLastPInvokeError(), "attach the program", log);
    }

    /// <summary>Attaches it to one place in a binary, for one process or all.</summary>
    /// <param name="path">File of the executable or library, in this process' mount namespace (<c>/proc/PID/root/…</c> reaches others).</param>
    /// <param name="offset">Offset in the file, in bytes.</param>
    /// <param name="atReturn">At the return of the function that starts there, rather than at the place itself.</param>
    /// <param name="processId">A process, or -1 for all that map the file.</param>
    /// <param name="cookie">What <c>bpf_get_attach_cookie</c> says in the program (Linux 5.15).</param>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public BpfLink AttachUprobe(string path, long offset, bool atReturn = false, int processId = -1, ulong cookie = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using var lease = _object.Lease();
        var log = _object.CreateLog();
        using var listening = log.Listen();
        var options = new bpf_uprobe_opts { sz = (nuint)sizeof(bpf_uprobe_opts), bpf_cookie = cookie, retprobe = atReturn };
        var link = LibBpf.bpf_program__attach_uprobe_opts(_program, processId, path, (nuint)offset, &options);
        return Own(link, Marshal.GetLastPInvokeError(), $"attach to {path}+0x{offset:x} the program", log);
    }

    /// <summary>Attaches it to many places of one binary by one link. The program's section must be <c>uprobe.multi</c> or <c>uretprobe.multi</c>.</summary>
    /// <param name="path">As in <see cref="AttachUprobe"/>.</param>
    /// <param name="offsets">Offsets in the file, in bytes.</param>
    /// <param name="atReturn">As in <see cref="AttachUprobe"/>.</param>
    /// <param name="processId">A process, or -1 for all that map the file.</param>
    /// <param name="cookies">One for each offset, or none.</param>
    /// <exception cref="BpfNotSupportedException">The kernel is older than 6.6.</exception>
    /// <exception cref="BpfException">The kernel refuses for another reason.</exception>
    public BpfLink AttachUprobeMulti(string path, ReadOnlySpan<nuint> offsets, bool atReturn = false, int processId = -1, ReadOnlySpan<ulong> cookies = default)
    {
        RequirePlaces(path, offsets, cookies);
        using var lease = _object.Lease();
        var log = _object.CreateLog();
        using var listening = log.Listen();
        fixed (nuint* places = offsets)
        fixed (ulong* values = cookies)
        {
            var options = new bpf_uprobe_multi_opts
            {
                sz = (nuint)sizeof(bpf_uprobe_multi_opts), offsets = places, cookies = values, cnt = (nuint)offsets.Length, retprobe = atReturn,
            };
            var link = LibBpf.bpf_program__attach_uprobe_multi(_program, processId, path, null, &options);
            var errno = Marshal.GetLastPInvokeError();
            if (link == null && errno is Errno.EINVAL or Errno.EOPNOTSUPP && BpfFeatures.KernelVersion < new Version(6, 6))
            {
                throw new BpfNotSupportedException("uprobe_multi", "6.6", errno);
            }

            return Own(link, errno, $"attach to {path} the program", log);
        }
    }

    /// <summary>
    /// Makes it one that runs at the entry and at the return of a function, for <see cref="AttachUprobeSession"/>. Its section must be
    /// <c>uprobe.multi</c>; in it <c>bpf_session_is_return</c> tells which run it is, and a run at the entry that returns 1 spares
    /// the one at the return.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set after the load.</exception>
    public void MakeUprobeSession()
    {
        _object.ThrowIfLoaded();
        using var lease = _object.Lease();
        BpfException.ThrowIfNegative(
            LibBpf.bpf_program__set_expected_attach_type(_program, (bpf_attach_type)BpfSystemCall.UprobeSession), "make a session of the program", Name);
    }

    /// <summary>Attaches it to entry and return of many functions of one binary by one link. It must have been made for that before the load.</summary>
    /// <param name="path">As in <see cref="AttachUprobe"/>.</param>
    /// <param name="offsets">Offsets in the file, in bytes.</param>
    /// <param name="cookies">One for each offset, or none.</param>
    /// <exception cref="BpfException">The kernel refuses; see <see cref="BpfFeatures.SupportsUprobeSession"/>.</exception>
    public BpfLink AttachUprobeSession(string path, ReadOnlySpan<nuint> offsets, ReadOnlySpan<ulong> cookies = default)
    {
        RequirePlaces(path, offsets, cookies);
        using var lease = _object.Lease();
        var link = BpfSystemCall.Attach(Fd, BpfSystemCall.UprobeSession, path, offsets, cookies);
        return link >= 0
            ? new BpfLink(new FileDescriptor(link), Name)
            : throw BpfException.FromErrno($"attach to {path} the program", Name, Marshal.GetLastPInvokeError());
    }

    /// <summary>Runs it once now (<c>BPF_PROG_TEST_RUN</c>), for the types of programs that the kernel can run so.</summary>
    /// <param name="context">The context it sees; for <c>SEC("syscall")</c> any bytes, and the kernel writes back what it changes in them.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="BpfException">The kernel can't.</exception>
    public int TestRun(Span<byte> context = default)
    {
        using var lease = _object.Lease();
        fixed (byte* bytes = context)
        {
            var options = new bpf_test_run_opts { sz = (nuint)sizeof(bpf_test_run_opts), ctx_in = bytes, ctx_size_in = (uint)context.Length };
            BpfException.ThrowIfNegative(LibBpf.bpf_prog_test_run_opts(Fd, &options), "run the program", Name);
            return (int)options.retval;
        }
    }

    /// <summary>Asks the kernel; a snapshot.</summary>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    /// <exception cref="InvalidOperationException">It is not loaded.</exception>
    public BpfProgramInfo GetInfo()
    {
        using var lease = _object.Lease();
        bpf_prog_info info = default;
        var size = (uint)sizeof(bpf_prog_info);
        BpfException.ThrowIfNegative(LibBpf.bpf_obj_get_info_by_fd(Fd, &info, &size), "ask about the program", Name);
        return new BpfProgramInfo
        {
            Id = (int)info.id,
            RunCount = (long)info.run_cnt,
            RunTimeNanoseconds = (long)info.run_time_ns,
            RecursionMisses = (long)info.recursion_misses,
            VerifiedInstructions = (int)info.verified_insns,
            TranslatedBytes = (int)info.xlated_prog_len,
            JitedBytes = (int)info.jited_prog_len,
        };
    }

    /// <summary>Bytes of kernel memory that it holds, as the kernel accounts for it.</summary>
    public long ReadMemoryBytes()
    {
        using var lease = _object.Lease();
        return DescriptorMemory.Read(Fd);
    }

    private BpfLink Own(bpf_link* link, int errno, string operation, LibBpfLog log) =>
        link != null ? new BpfLink(new BpfLinkHandle(link), Name) : throw BpfException.FromErrno(operation, Name, errno, log);

    private static void RequirePlaces(string path, ReadOnlySpan<nuint> offsets, ReadOnlySpan<ulong> cookies)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfZero(offsets.Length, nameof(offsets));
        if (cookies.Length != 0 && cookies.Length != offsets.Length)
        {
            throw new ArgumentException($"{offsets.Length} offsets have {cookies.Length} cookies.", nameof(cookies));
        }
    }
}
