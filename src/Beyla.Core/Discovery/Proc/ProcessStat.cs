using System.Buffers.Text;

namespace Beyla.Discovery.Proc;

/// <summary>What is used of <c>/proc/PID/stat</c> (proc_pid_stat(5)).</summary>
/// <param name="ParentProcessId">0 for a process without a visible parent.</param>
/// <param name="IsKernelThread">Whether it has no user space at all.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: with the id, this names a process for the life of the machine.</param>
internal readonly record struct ProcessStat(int ParentProcessId, bool IsKernelThread, ulong StartTicks)
{
    /// <summary>PF_KTHREAD of linux/sched.h.</summary>
    private const ulong KernelThreadFlag = 0x00200000;

    internal static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;

        // The command in parentheses may itself contain spaces and parentheses.
        var fields = new Fields(text[(text.LastIndexOf((byte)')') + 1)..]);
        if (!fields.TrySkip(1) || !fields.TryNumber(out var parent)
            || !fields.TrySkip(4) || !fields.TryNumber(out var flags)
            || !fields.TrySkip(12) || !fields.TryNumber(out var start))
        {
            return false;
        }

        stat = new ProcessStat((int)parent, (flags & KernelThreadFlag) != 0, start);
        return true;
    }

    private ref struct Fields(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        internal bool TrySkip(int count)
        {
            while (count-- > 0)
            {
                if (Next().IsEmpty)
                {
                    return false;
                }
            }

            return true;
        }

        internal bool TryNumber(out ulong number) => Utf8Parser.TryParse(Next(), out number, out _);

        private ReadOnlySpan<byte> Next()
        {
            _rest = _rest.TrimStart((byte)' ');
            var length = _rest.IndexOf((byte)' ');
            var field = length < 0 ? _rest : _rest[..length];
            _rest = _rest[field.Length..];
            return field;
        }
    }
}
