using System.Text;

namespace Beyla.Discovery.Selection;

/// <summary>Reads one glob pattern into steps. Used once.</summary>
internal sealed class GlobCompiler(string pattern)
{
    /// <summary>Bounds the stack that a match takes.</summary>
    internal const int MaxSteps = 1024;

    private const int MaxDepth = 16;

    private readonly List<GlobStep> _steps = [];

    private int _depth;

    internal string Problem { get; private set; } = "";

    internal int Position { get; private set; }

    internal bool TryCompile(out GlobStep[] steps)
    {
        steps = [];
        if (!TrySequence())
        {
            return false;
        }

        _steps.Add(new GlobStep(GlobStepKind.End));
        if (_steps.Count > MaxSteps)
        {
            return Fail("the pattern is too long (more than 1024 steps); use several selectors");
        }

        steps = [.. _steps];
        return true;
    }

    private bool TrySequence()
    {
        while (Position < pattern.Length)
        {
            var c = pattern[Position];
            if (_depth > 0 && c is (',' or '}'))
            {
                return true;
            }

            var ok = c switch
            {
                '*' => TakeRun(),
                '?' => Take(new GlobStep(GlobStepKind.Any)),
                '[' => TryClass(),
                '{' => TryAlternatives(),
                '\\' => TryEscape(),
                _ => Take(new GlobStep(GlobStepKind.Literal) { Character = c }),
            };
            if (!ok)
            {
                return false;
            }
        }

        return true;
    }

    private bool Take(GlobStep step)
    {
        _steps.Add(step);
        Position++;
        return true;
    }

    private bool TakeRun()
    {
        var start = _steps.Count;
        _steps.Add(new GlobStep(GlobStepKind.Fork) { Target = start + 3 });
        _steps.Add(new GlobStep(GlobStepKind.Any));
        return Take(new GlobStep(GlobStepKind.Jump) { Target = start });
    }

    private bool TryEscape()
    {
        if (Position + 1 == pattern.Length)
        {
            return Fail("a \\ ends the pattern; write \\\\ for a literal one");
        }

        Position++;
        return Take(new GlobStep(GlobStepKind.Literal) { Character = pattern[Position] });
    }

    private bool TryClass()
    {
        var open = Position++;
        var negated = Position < pattern.Length && pattern[Position] == '!';
        Position += negated ? 1 : 0;
        var ranges = new StringBuilder();
        while (TryClassCharacter(out var first))
        {
            var last = first;
            if (Position + 1 < pattern.Length && pattern[Position] == '-' && pattern[Position + 1] != ']')
            {
                Position++;
                if (!TryClassCharacter(out last) || last < first)
                {
                    return Fail("a range of a class needs a last character that is not before its first");
                }
            }

            ranges.Append(first).Append(last);
        }

        if (Position >= pattern.Length)
        {
            Position = open;
            return Fail("a [ has no ]; write \\[ for a literal one");
        }

        return ranges.Length == 0
            ? Fail("a class is empty; put characters between [ and ]")
            : Take(new GlobStep(GlobStepKind.Class) { Ranges = ranges.ToString(), Negated = negated });
    }

    private bool TryClassCharacter(out char c)
    {
        c = Position < pattern.Length ? pattern[Position] : ']';
        if (c == ']')
        {
            return false;
        }

        if (c == '\\' && Position + 1 < pattern.Length)
        {
            c = pattern[++Position];
        }

        Position++;
        return true;
    }

    // {a,b,c} becomes: fork to b; a; jump to the end; fork to c; b; jump to the end; c.
    private bool TryAlternatives()
    {
        var open = Position;
        if (++_depth > MaxDepth)
        {
            return Fail("braces are nested too deeply (more than 16)");
        }

        var jumps = new List<int>();
        char end;
        do
        {
            Position++;
            var fork = _steps.Count;
            _steps.Add(new GlobStep(GlobStepKind.Fork));
            if (!TrySequence())
            {
                return false;
            }

            if (Position == pattern.Length)
            {
                Position = open;
                return Fail("a { has no }; write \\{ for a literal one");
            }

            end = pattern[Position];
            jumps.Add(_steps.Count);
            _steps.Add(new GlobStep(GlobStepKind.Jump));
            // The last alternative has no other one to fork to: both ways of its fork are the same.
            _steps[fork] = _steps[fork] with { Target = end == ',' ? _steps.Count : fork + 1 };
        }
        while (end == ',');

        foreach (var jump in jumps)
        {
            _steps[jump] = _steps[jump] with { Target = _steps.Count };
        }

        _depth--;
        Position++;
        return true;
    }

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
