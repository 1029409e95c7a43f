namespace Beyla.Native.Tests;

public class LibBpfPlacesTests
{
    [Fact]
    public void The_library_is_looked_for_in_the_application_then_the_hosts_list_then_beside_the_executable()
    {
        var places = LibBpfPlaces.Of("/app", "/pkg/native/:/fx", "/opt/tool/agent");
        Assert.Equal(
            [
                "/app/libbpf.so.1", "/app/runtimes/linux-x64/native/libbpf.so.1", "/pkg/native/libbpf.so.1", "/fx/libbpf.so.1",
                "/opt/tool/libbpf.so.1", "/opt/tool/runtimes/linux-x64/native/libbpf.so.1",
            ],
            places);
    }

    [Fact]
    public void No_place_is_named_twice()
    {
        Assert.Equal(2, LibBpfPlaces.Of("/app/", "/app", "/app/agent").Count);
    }

    [Fact]
    public void Without_a_hosts_list_or_a_process_path_the_application_remains()
    {
        Assert.Equal(2, LibBpfPlaces.Of("/app", null, null).Count);
    }

    [Fact]
    public void A_missing_library_is_told_with_every_place_and_the_way_out()
    {
        var places = LibBpfPlaces.Of("/app", "/pkg", null);
        var exception = BpfLibraryNotFoundException.Nowhere(places);
        Assert.All(places, place => Assert.Contains(place, exception.Message, StringComparison.Ordinal));
        Assert.Contains("eng/native/build-libbpf.sh", exception.Message, StringComparison.Ordinal);
        Assert.Equal(places, exception.Places);
    }

    [Fact]
    public void The_library_in_use_is_the_shipped_one()
    {
        Kernel.Require();
        Assert.StartsWith(AppContext.BaseDirectory, BpfRuntime.LibraryPath, StringComparison.Ordinal);
        Assert.Equal(new Version(1, 5), BpfRuntime.LibraryVersion);

        // The proof that no other one was mapped into the process beside it.
        var mapped = File.ReadLines("/proc/self/maps").Where(l => l.Contains("libbpf", StringComparison.Ordinal)).Select(l => l[l.IndexOf('/', StringComparison.Ordinal)..]);
        Assert.Equal([BpfRuntime.LibraryPath], mapped.Distinct());
    }
}
