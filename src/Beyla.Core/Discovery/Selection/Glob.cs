using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Beyla.Discovery.Selection;

/// <summary>
/// A compiled glob over whole paths: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!x]</c>, <c>{a,b}</c>, <c>\x</c>. All ways
/// through the pattern are followed at once, so a match costs at most (length of pattern × length of path) steps.
/// A character is a UTF-16 unit.
/// </summary>
internal sealed class Glob
{
    private readonly GlobStep[] _steps;

    internal Glob(GlobStep[] steps) => _steps = steps;

    internal static bool TryCompile(string pattern, [NotNullWhen(true)] out Glob? glob, [NotNullWhen(false)] out string? problem)
    {
        var compiler = new GlobCompiler(pattern);
        if (compiler.TryCompile(out var steps))
        {
            (glob, problem) = (new Glob(steps), null);
            return true;
        }

        (glob, problem) = (null, string.Create(CultureInfo.InvariantCulture, $"{compiler.Problem} at position {compiler.Position}."));
        return false;
    }

    internal bool IsMatch(ReadOnlySpan<char> text)
    {
        Span<int> storage = stackalloc int[3 * _steps.Length];
        Span<bool> flags = stackalloc bool[2 * _steps.Length];
        var now = new StepSet(storage[.._steps.Length], flags[.._steps.Length]);
        var next = new StepSet(storage.Slice(_steps.Length, _steps.Length), flags[_steps.Length..]);
        var pending = storage[(2 * _steps.Length)..];

        Add(ref now, 0, pending);
        foreach (var c in text)
        {
            foreach (var index in now.Items)
            {
                if (_steps[index].Takes(c))
                {
                    Add(ref next, index + 1, pending);
                }
            }

            now.Clear();
            var emptied = now;
            now = next;
            next = emptied;
            if (now.Items.IsEmpty)
            {
                return false;
            }
        }

        return now.Contains(_steps.Length - 1);
    }

    // Follows the steps that take no character. A step enters a set once, so each fork is pending once at most.
    private void Add(ref StepSet set, int first, Span<int> pending)
    {
        pending[0] = first;
        var count = 1;
        while (count > 0)
        {
            var index = pending[--count];
            while (set.TryAdd(index) && _steps[index].Kind is GlobStepKind.Jump or GlobStepKind.Fork)
            {
                if (_steps[index].Kind == GlobStepKind.Fork)
                {
                    pending[count++] = index + 1;
                }

                index = _steps[index].Target;
            }
        }
    }

    private ref struct StepSet(Span<int> items, Span<bool> contained)
    {
        private readonly Span<int> _items = items;
        private readonly Span<bool> _contained = contained;
        private int _count;

        internal readonly ReadOnlySpan<int> Items => _items[.._count];

        internal readonly bool Contains(int index) => _contained[index];

        internal bool TryAdd(int index)
        {
            if (_contained[index])
            {
                return false;
            }

            _contained[index] = true;
            _items[_count++] = index;
            return true;
        }

        internal void Clear()
        {
            foreach (var index in Items)
            {
                _contained[index] = false;
            }

            _count = 0;
        }
    }
}
