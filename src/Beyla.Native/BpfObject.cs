using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Beyla.Native.Handles;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// A compiled BPF object file: opened, adjusted (knobs, map sizes, which programs), then loaded. It owns its programs and
/// maps; nothing is pinned, so all of it is gone when the object, its links, mappings and readers are disposed of or the
/// process ends. Opening, adjusting and loading are for one thread; after <see cref="Load"/> maps and programs may be used
/// from any.
/// </summary>
public sealed unsafe class BpfObject : IDisposable
{
    private readonly BpfObjectHandle _handle;
    private readonly Action<BpfLogLevel, string>? _log;
    private readonly BpfLogLevel _verbosity;
    private readonly Dictionary<string, BpfProgram> _programs = [];
    private readonly Dictionary<string, BpfMap> _maps = [];

    private BpfObject(BpfObjectHandle handle, string name, Action<BpfLogLevel, string>? log, BpfLogLevel verbosity)
    {
        _handle = handle;
        _log = log;
        _verbosity = verbosity;
        Name = name;
        for (var map = LibBpf.bpf_object__next_map(handle.Pointer, null); map != null; map = LibBpf.bpf_object__next_map(handle.Pointer, map))
        {
            var wrapped = new BpfMap(this, map);
            _maps.Add(wrapped.Name, wrapped);
        }

        for (var program = LibBpf.bpf_object__next_program(handle.Pointer, null); program != null; program = LibBpf.bpf_object__next_program(handle.Pointer, program))
        {
            var wrapped = new BpfProgram(this, program);
            _programs.Add(wrapped.Name, wrapped);
        }

        Btf = new BpfTypes(this, LibBpf.bpf_object__btf(handle.Pointer));
    }

    /// <summary>Name given at <see cref="Open"/>.</summary>
    public string Name { get; }

    /// <summary>All programs, in the order of the object file.</summary>
    public IReadOnlyCollection<BpfProgram> Programs => _programs.Values;

    /// <summary>All maps, with those that hold the object's variables (<c>.rodata</c>, <c>.bss</c>, <c>.data</c>).</summary>
    public IReadOnlyCollection<BpfMap> Maps => _maps.Values;

    /// <summary>Types of the object: layouts of structs, values of enums, places of variables.</summary>
    public BpfTypes Btf { get; }

    /// <summary>Whether <see cref="Load"/> succeeded.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Parses an object file from memory. The bytes may be thrown away afterwards.</summary>
    /// <param name="elf">The file.</param>
    /// <param name="name">Its name in errors; the kernel shows the first 8 characters before the names of variable maps.</param>
    /// <param name="log">
    /// Receives libbpf's lines, after each call and on the calling thread. Without it they go nowhere but into the message of an
    /// exception.
    /// </param>
    /// <param name="verbosity">The most talkative level that <paramref name="log"/> receives.</param>
    /// <exception cref="BpfException">The bytes are no BPF object.</exception>
    /// <exception cref="BpfLibraryNotFoundException">libbpf is missing.</exception>
    public static BpfObject Open(ReadOnlySpan<byte> elf, string name, Action<BpfLogLevel, string>? log = null, BpfLogLevel verbosity = BpfLogLevel.Information)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        BpfRuntime.EnsureLoaded();
        var listener = new LibBpfLog(log, verbosity);
        using var listening = listener.Listen();
        fixed (byte* bytes = elf)
        fixed (byte* utf8Name = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var options = new bpf_object_open_opts { sz = (nuint)sizeof(bpf_object_open_opts), object_name = utf8Name };
            var opened = LibBpf.bpf_object__open_mem(bytes, (nuint)elf.Length, &options);
            var errno = Marshal.GetLastPInvokeError();
            return opened != null
                ? new BpfObject(new BpfObjectHandle(opened), name, log, verbosity)
                : throw BpfException.FromErrno("open the object", name, errno, listener);
        }
    }

    /// <summary>Writes a <c>const volatile</c> variable, for the verifier a constant. Only before <see cref="Load"/>.</summary>
    /// <typeparam name="T">A type of the variable's size.</typeparam>
    /// <param name="variable">Name in the C source.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="KeyNotFoundException">The object has no such variable, or no program reads it.</exception>
    /// <exception cref="ArgumentException">The variable has another size.</exception>
    /// <exception cref="InvalidOperationException">The object is loaded already.</exception>
    public void SetKnob<T>(string variable, T value)
        where T : unmanaged
    {
        ThrowIfLoaded();
        var (offset, size) = Btf.GetVariable(".rodata", variable);
        if (size != sizeof(T))
        {
            throw new ArgumentException($"'{variable}' of '{Name}' has {size} bytes, and {typeof(T)} has {sizeof(T)}.", nameof(value));
        }

        using var lease = Lease();
        nuint length;
        var start = (byte*)LibBpf.bpf_map__initial_value(GetMap(".rodata").Pointer, &length);
        if (start == null || length < (nuint)(offset + size))
        {
            throw new BpfException("write the variable", variable, Errno.EINVAL);
        }

        Unsafe.WriteUnaligned(start + offset, value);
    }

    /// <summary>The map of that name; <c>.rodata</c>, <c>.bss</c> and <c>.data</c> name the object's variables.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public BpfMap GetMap(string name)
    {
        if (_maps.TryGetValue(name, out var map))
        {
            return map;
        }

        using var lease = Lease();
        var found = LibBpf.bpf_object__find_map_by_name(_handle.Pointer, name);
        return found != null
            ? _maps[Utf8.ToString(LibBpf.bpf_map__name(found))]
            : throw new KeyNotFoundException($"'{Name}' has no map '{name}', but {string.Join(", ", _maps.Keys)}.");
    }

    /// <summary>The program of that name (the C function's).</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public BpfProgram GetProgram(string name) =>
        _programs.TryGetValue(name, out var program)
            ? program
            : throw new KeyNotFoundException($"'{Name}' has no program '{name}', but {string.Join(", ", _programs.Keys)}.");

    /// <summary>Creates the maps and has the kernel verify the programs that are to be loaded. May take 100 ms and more.</summary>
    /// <exception cref="BpfException">The kernel refuses; the message has two lines of the verifier's log.</exception>
    /// <exception cref="InvalidOperationException">The object is loaded already, or a load of it failed.</exception>
    public void Load()
    {
        ThrowIfLoaded();
        using var lease = Lease();
        var log = CreateLog();
        using var listening = log.Listen();
        BpfException.ThrowIfNegative(LibBpf.bpf_object__load(_handle.Pointer), "load the object", Name, log);
        IsLoaded = true;
    }

    /// <summary>
    /// Releases programs and maps. Links, mappings and ring readers made of them live until they are disposed of themselves.
    /// </summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>One for each call into libbpf, as several threads may attach programs.</summary>
    internal LibBpfLog CreateLog() => new(_log, _verbosity);

    internal HandleLease Lease() => new(_handle);

    internal void ThrowIfLoaded()
    {
        if (IsLoaded)
        {
            throw new InvalidOperationException($"'{Name}' is loaded already; this must be done before.");
        }
    }
}
