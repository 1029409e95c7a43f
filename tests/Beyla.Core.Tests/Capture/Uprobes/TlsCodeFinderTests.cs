using System.Diagnostics;
using Beyla.Capture.Uprobes;
using Beyla.Core.Tests.Discovery;
using Beyla.Discovery.Proc;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class TlsCodeFinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beyla-finder").FullName;
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_library_that_is_loaded_later_is_found_by_the_next_look()
    {
        var python = Start("print('loaded', flush=True)\ninput()\nimport ssl\nprint('loaded', flush=True)\ninput()");
        var finder = new TlsCodeFinder(new ProcFs());
        Read(python);

        var before = finder.Find(python.Id);
        Assert.DoesNotContain(before.Targets, target => target.Library == "OpenSSL");
        Assert.DoesNotContain("is covered", before.Explanation, StringComparison.Ordinal);

        Continue(python);
        var after = finder.Find(python.Id);
        Assert.Contains(after.Targets, target => target.Library == "OpenSSL");
        Assert.Contains("is covered", after.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_file_that_is_mapped_is_looked_at_also_after_it_was_deleted_or_replaced(bool replace)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may follow /proc/PID/map_files.");
        var library = Path.Combine(_folder, "libssl.so.3");
        File.Copy(Binary.LibSsl, library);
        var python = Start($"import ctypes\nctypes.CDLL('{library}')\nprint('loaded', flush=True)\ninput()");
        Read(python);
        File.Delete(library);
        if (replace)
        {
            File.WriteAllText(library, "something else");
        }

        var code = new TlsCodeFinder(new ProcFs()).Find(python.Id);

        var target = Assert.Single(code.Targets, target => target.Library == "OpenSSL");
        Assert.Equal(library, target.Name);
        Assert.Equal(File.ReadAllBytes(Binary.LibSsl), File.ReadAllBytes(target.Path));
    }

    [Fact]
    public void Another_file_at_the_path_of_the_mapped_one_is_not_taken_for_it()
    {
        // Without map_files, as for a session without the right to follow it.
        using var proc = new FakeProc();
        var other = proc.AddFile("libssl.so.3", File.ReadAllBytes(Binary.LibSsl));
        proc.Add(7, other);
        File.CreateSymbolicLink(Path.Combine(proc.Files.Root, "7", "root"), "/");
        var finder = new TlsCodeFinder(proc.Files);

        proc.Write(7, "maps", $"7f0000000000-7f0000001000 r-xp 00000000 fe:00 1                     {other}\n");
        Assert.Empty(finder.Find(7).Targets);

        var inode = Binary.Run("stat", "-c", "%i", other)[0];
        proc.Write(7, "maps", $"7f0000000000-7f0000001000 r-xp 00000000 fe:00 {inode}                     {other} (deleted)\n");
        Assert.Equal(other, Assert.Single(finder.Find(7).Targets).Name);
    }

    [Fact]
    public void What_stands_at_the_path_may_be_a_pipe_or_a_folder()
    {
        using var proc = new FakeProc();
        var pipe = Path.Combine(_folder, "pipe");
        Binary.Run("mkfifo", pipe);
        proc.Add(7, pipe);
        File.CreateSymbolicLink(Path.Combine(proc.Files.Root, "7", "root"), "/");
        proc.Write(7, "maps", $"""
            7f0000000000-7f0000001000 r-xp 00000000 fe:00 1                     {pipe}
            7f0000000000-7f0000001000 r-xp 00000000 fe:00 2                     {_folder}
            7f0000000000-7f0000001000 r-xp 00000000 fe:00 3                     /nowhere/at/all
            7f0000000000-7f0000001000 r-xp 00000000 00:00 0                     [vdso]
            7f0000000000-7f0000001000 r-xp garbage
            """);

        Assert.Equal("no TLS library is known in it", new TlsCodeFinder(proc.Files).Find(7).Explanation);
    }

    [Fact]
    public void Only_files_that_are_mapped_executable_are_looked_at_and_each_once()
    {
        using var proc = new FakeProc();
        var library = proc.AddFile("lib with blanks.so", File.ReadAllBytes(Binary.LibSsl));
        var inode = Binary.Run("stat", "-c", "%i", library)[0];
        proc.Add(7, library);
        File.CreateSymbolicLink(Path.Combine(proc.Files.Root, "7", "root"), "/");
        var finder = new TlsCodeFinder(proc.Files);

        proc.Write(7, "maps", $"7f0000000000-7f0000001000 r--p 00000000 fe:00 {inode}                     {library}\n");
        Assert.Empty(finder.Find(7).Targets);

        var line = $"7f0000000000-7f0000001000 r-xp 00000000 fe:00 {inode}                     {library}\n";
        proc.Write(7, "maps", line + line);
        Assert.Single(finder.Find(7).Targets);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("-static", false)]
    [InlineData("-static-pie", false)]
    public void Libraries_are_expected_ahead_of_who_can_load_them(string option, bool expected)
    {
        using var proc = new FakeProc();
        string[] options = option.Length == 0 ? [] : [option];
        proc.Add(7, proc.AddFile("program", Binary.Compile("int main(void) { return 0; }", options)));
        File.CreateSymbolicLink(Path.Combine(proc.Files.Root, "7", "root"), "/");

        Assert.Equal(expected, new TlsCodeFinder(proc.Files).FindAhead(7).Any(target => target.Library == "OpenSSL"));
    }

    [Fact]
    public void Who_brings_its_own_TLS_is_known_as_such()
    {
        using var proc = new FakeProc();
        var library = proc.AddFile("libjvm.so", Binary.Compile("int JNI_CreateJavaVM(void) { return 0; }", "-shared", "-fPIC"));
        var inode = Binary.Run("stat", "-c", "%i", library)[0];
        proc.Add(7, "/usr/bin/java");
        File.CreateSymbolicLink(Path.Combine(proc.Files.Root, "7", "root"), "/");
        proc.Write(7, "maps", $"7f0000000000-7f0000001000 r-xp 00000000 fe:00 {inode}                     {library}\n");

        Assert.True(new TlsCodeFinder(proc.Files).Find(7).IsWhole);
        proc.Write(7, "maps", "");
        Assert.False(new TlsCodeFinder(proc.Files).Find(7).IsWhole);
    }

    [Fact]
    public void A_process_that_is_gone_says_so()
    {
        var code = new TlsCodeFinder(new ProcFs()).Find(int.MaxValue);

        Assert.Empty(code.Targets);
        Assert.Equal("the process is gone", code.Explanation);
    }

    [Fact]
    public void A_container_with_the_same_layer_has_the_same_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount an overlay.");
        var lower = Directory.CreateDirectory(Path.Combine(_folder, "lower")).FullName;
        File.Copy(Binary.LibSsl, Path.Combine(lower, "libssl.so.3"));
        var finder = new TlsCodeFinder(new ProcFs());

        var files = new[] { "a", "b" }.Select(name =>
        {
            var root = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            var mount = $"mount -t tmpfs none {root} && mkdir {root}/u {root}/w {root}/m && mount -t overlay none -o lowerdir={lower},upperdir={root}/u,workdir={root}/w {root}/m";
            var python = Start($"import ctypes\nctypes.CDLL('{root}/m/libssl.so.3')\nprint('loaded', flush=True)\ninput()", "unshare", "-m", "sh", "-c", $"{mount} && exec \"$@\"", "sh");
            Read(python);
            var target = Assert.Single(finder.Find(python.Id).Targets, target => target.Library == "OpenSSL");
            Assert.StartsWith(root, target.Name, StringComparison.Ordinal);
            return target.File;
        }).ToArray();

        Assert.Equal(files[0], files[1]);
        Assert.Equal(0u, files[0].Device);
    }

    private Process Start(string script, params string[] before)
    {
        var python = Tooling.Require(new Tool("/usr/bin/python3", "python3"));
        string[] command = [.. before, python, "-c", script];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _processes.Add(process);
        return process;
    }

    private static void Continue(Process process)
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        Read(process);
    }

    private static void Read(Process process) => Assert.Equal("loaded", process.StandardOutput.ReadLine());
}
