namespace Beyla.Native.Tests;

public class LibBpfLayoutTests
{
    [Fact]
    public void Structs_have_the_sizes_and_offsets_that_clang_gives_them()
    {
        var compared = 0;
        LibBpfLayout.Compare((name, expected, actual) =>
        {
            compared++;
            Assert.True(expected == actual, $"{name} is {actual} in C# and {expected} in C");
        });
        Assert.True(compared > 80, $"only {compared} were compared");
    }
}
