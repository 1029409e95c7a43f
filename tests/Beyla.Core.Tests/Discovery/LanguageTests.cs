using Beyla.Core.Tests.Capture.Uprobes;
using Beyla.Discovery.Proc;
using Beyla.Discovery.Services;
using CsCheck;

namespace Beyla.Core.Tests.Discovery;

public sealed class LanguageTests : IDisposable
{
    private const int Pid = 7;

    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Theory]
    [InlineData("/opt/app/libcoreclr.so", "dotnet")]
    [InlineData("/usr/lib/jvm/lib/server/libjvm.so", "java")]
    [InlineData("/usr/lib/libpython3.12.so.1.0", "python")]
    [InlineData("/usr/lib/libruby-3.1.so.3.1", "ruby")]
    [InlineData("/usr/bin/node", "nodejs")]
    [InlineData("/usr/local/bin/deno", "nodejs")]
    [InlineData("/usr/bin/ruby3.1", "ruby")]
    [InlineData("/usr/bin/python3.11", "python")]
    [InlineData("/usr/sbin/php-fpm8.2", "php")]
    [InlineData("/usr/lib/libstdc++.so.6", "cpp")]
    [InlineData("/usr/lib/libc++.so.1", "cpp")]
    [InlineData("/usr/lib/libc.so.6", "generic")]
    [InlineData("/opt/name with blanks/python3", "python")]
    public void A_mapped_file_tells_the_language(string mapped, string expected)
    {
        _proc.Add(Pid, "/app");
        _proc.Write(Pid, "maps", FakeProc.Maps("/app", mapped));

        Assert.Equal(expected, new LanguageDetector(_proc.Files).Detect(Pid, "/app"));
    }

    [Theory]
    [InlineData(".gopclntab", "x", "go")]
    [InlineData(".data.rel.ro.gopclntab", "x", "go")]
    [InlineData(".go.buildinfo", "x", "go")]
    [InlineData("__managedcode", "x", "dotnet")]
    [InlineData(".comment", "GCC: (Debian 12.2.0)\0rustc version 1.80.0 (051478957 2024-07-21)", "rust")]
    [InlineData(".comment", "GCC: (Debian 12.2.0)", "generic")]
    [InlineData(".text", "rustc version", "generic")]
    public void A_section_of_the_executable_tells_the_language(string section, string content, string expected)
    {
        var path = _proc.AddFile("app", ElfFile.With((".interp", "/lib/ld.so"), (section, content)));
        _proc.Add(Pid, path);

        Assert.Equal(expected, new LanguageDetector(_proc.Files).Detect(Pid, "/app"));
    }

    [Fact]
    public void A_runtime_library_counts_more_than_the_executable_and_that_more_than_a_name()
    {
        _proc.Add(Pid, _proc.AddFile("app", ElfFile.With((".gopclntab", "x"))));
        var detector = new LanguageDetector(_proc.Files);

        _proc.Write(Pid, "maps", FakeProc.Maps("/usr/bin/python3", "/usr/lib/libstdc++.so.6"));
        Assert.Equal("go", detector.Detect(Pid, "/app"));

        _proc.Write(Pid, "maps", FakeProc.Maps("/usr/bin/python3", "/usr/lib/libjvm.so"));
        Assert.Equal("java", detector.Detect(Pid, "/app"));
    }

    [Fact]
    public void An_executable_that_was_replaced_is_read_anew()
    {
        var path = _proc.AddFile("app", ElfFile.With((".text", "x")));
        _proc.Add(Pid, path);
        var detector = new LanguageDetector(_proc.Files);
        Assert.Equal("generic", detector.Detect(Pid, "/app"));

        _proc.AddFile("app", ElfFile.With((".go.buildinfo", "xy")));
        Assert.Equal("go", detector.Detect(Pid, "/app"));
    }

    [Fact]
    public void A_process_that_is_gone_is_generic()
    {
        Assert.Equal("generic", new LanguageDetector(_proc.Files).Detect(99, ""));
    }

    [Fact]
    public void No_damage_to_an_executable_throws()
    {
        var whole = ElfFile.With((".text", "code"), (".comment", "rustc version 1"), (".data", "data"));
        Assert.Equal("rust", ElfLanguage.Detect(new MemoryByteSource(whole)));

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((position, value, length) =>
        {
            var damaged = whole.ToArray();
            damaged[position] = value;
            return ElfLanguage.Detect(new MemoryByteSource(damaged.AsMemory(..length))) is null or "rust";
        }, iter: 20_000);
    }

    [Fact]
    public void The_test_itself_runs_on_dotnet()
    {
        Assert.Equal("dotnet", new LanguageDetector(new ProcFs()).Detect(Environment.ProcessId, Environment.ProcessPath!));
    }
}
