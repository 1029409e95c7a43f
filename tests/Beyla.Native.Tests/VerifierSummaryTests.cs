namespace Beyla.Native.Tests;

public class VerifierSummaryTests
{
    [Fact]
    public void The_reason_comes_first_then_the_source_line_before_it()
    {
        const string Log = """
            0: R1=ctx() R10=fp0
            ; return *(volatile int *)0x1234; @ refused.bpf.c:10
            0: (b7) r1 = 4660
            1: (61) r0 = *(u32 *)(r1 +0)
            R1 invalid mem access 'scalar'
            verification time 100 usec
            stack depth 0
            processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            """;
        Assert.Equal("R1 invalid mem access 'scalar'\n  at: return *(volatile int *)0x1234; @ refused.bpf.c:10", VerifierSummary.Of(Log));
    }

    [Fact]
    public void Without_source_lines_it_is_the_instruction()
    {
        Assert.Equal("R1 invalid\n  at: 1: (61) r0 = *(u32 *)(r1 +0)", VerifierSummary.Of("1: (61) r0 = *(u32 *)(r1 +0)\nR1 invalid\nprocessed 2 insns\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("processed 2 insns")]
    public void A_log_without_a_reason_has_no_summary(string log)
    {
        Assert.Equal("", VerifierSummary.Of(log));
    }

    [Fact]
    public void A_single_line_stands_alone()
    {
        Assert.Equal("BPF program is too large. Processed 1000001 insn", VerifierSummary.Of("BPF program is too large. Processed 1000001 insn"));
    }
}
