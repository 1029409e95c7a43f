using Beyla.Capture.Uprobes.Code;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class ProbePlacementTests
{
    [Theory]
    [InlineData("55 4889e5 c3", 0)] // push %rbp
    [InlineData("4157 c3", 0)] // push %r15
    [InlineData("f30f1efa 55 c3", 4)] // endbr64; push %rbp
    [InlineData("f30f1efa 4885ff 7401 c3 c3", 7)] // endbr64; test %rdi,%rdi; je
    [InlineData("31c0 e800000000 c3", 2)] // xor %eax,%eax; call
    [InlineData("90 c3", 0)] // nop
    [InlineData("498b4610 483b6610 0f8610000000 c3", 8)] // mov 0x10(%r14),%rax; cmp 0x10(%rsi),%rsp; jbe
    [InlineData("64488b042528000000 83fa00 7802 c3 c3", 12)] // mov %fs:0x28,%rax; cmp $0,%edx; js
    public void A_probe_stands_at_the_first_instruction_that_the_kernel_emulates(string code, int expected)
    {
        var place = Place(code, keepStack: true);

        Assert.Equal((expected, null), (place.Delta, place.Slow));
    }

    [Theory]
    [InlineData("4883ec18 55", "sub")] // the stack pointer moves
    [InlineData("f30f1efa 4883ec18 55", "sub")]
    [InlineData("4889cf 55", "mov")] // an argument is lost: mov %rcx,%rdi
    [InlineData("4863d2 55", "movsxd")] // and one is changed: movslq %edx,%rdx
    [InlineData("31f6 55", "xor")] // xor %esi,%esi
    [InlineData("f0480fb10f 55", "cmpxchg")] // an effect that is not known to be harmless
    [InlineData("660f1f440000 55", "push")] // nopw is stepped, and harmless
    [InlineData("c3", "ret")]
    public void Where_there_is_none_the_probe_stands_at_the_start_and_says_why(string code, string culprit)
    {
        var place = Place(code, keepStack: true);

        if (culprit == "push")
        {
            Assert.Equal((6, null), (place.Delta, place.Slow));
            return;
        }

        Assert.Equal(0, place.Delta);
        Assert.Contains($"'{culprit}'", place.Slow, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_probe_may_stand_behind_a_moved_stack_pointer()
    {
        // sub $0x18,%rsp; test %edx,%edx; js
        Assert.Equal((6, null), Place("4883ec18 85d2 7800 c3", keepStack: false) is var place ? (place.Delta, place.Slow) : default);
    }

    [Fact]
    public void No_probe_stands_where_the_function_comes_by_again()
    {
        // xor %eax,%eax; push %rbp; …; jmp back to the push; and the same with a jump to the very start.
        Assert.NotNull(Place("31c0 55 90 ebfc", keepStack: true).Slow);
        Assert.Equal(2, Place("31c0 55 90 ebfa", keepStack: true).Delta);
    }

    [Fact]
    public void Code_that_is_not_there_has_no_good_place()
    {
        Assert.Equal((0, "its first instruction is not known"), Place("", keepStack: true) is var place ? (place.Delta, place.Slow) : default);
    }

    private static ProbePlacement Place(string hex, bool keepStack) => ProbePlacement.Find(
        Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 0x1000, ArgumentRegisters.SystemV, keepStack);
}
