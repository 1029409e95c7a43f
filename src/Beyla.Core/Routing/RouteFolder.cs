using System.Text;
using System.Text.RegularExpressions;

namespace Beyla.Routing;

/// <summary>
/// One folder of a pattern: literal pieces with a variable between each two. A single piece is a plain literal; two empty ones
/// are a variable that takes the whole folder.
/// </summary>
internal sealed class RouteFolder
{
    private const int StackChars = 256;

    private readonly byte[][] _literals;
    private readonly Regex? _constraint;

    /// <param name="literals">One more than there are variables.</param>
    /// <param name="constraint">Expression for the whole folder when a variable has a constraint.</param>
    internal RouteFolder(byte[][] literals, Regex? constraint)
    {
        _literals = literals;
        _constraint = constraint;
        foreach (var literal in literals)
        {
            LiteralLength += literal.Length;
        }
    }

    /// <summary>The text of a folder without variables; else <see langword="null"/>.</summary>
    internal byte[]? Literal => _literals.Length == 1 ? _literals[0] : null;

    internal int LiteralLength { get; }

    internal bool IsConstrained => _constraint is not null;

    internal bool Matches(ReadOnlySpan<byte> folder) =>
        _literals.Length == 1 ? folder.SequenceEqual(_literals[0])
        : MatchesLiterals(folder) && (_constraint is null || MatchesConstraint(folder));

    internal bool HasShapeOf(RouteFolder other) =>
        _constraint?.ToString() == other._constraint?.ToString()
        && _literals.AsSpan().SequenceEqual(other._literals, ByteSequence.Comparer);

    /// <summary>
    /// Each piece is taken where it comes first, and a variable has at least one byte: if any split of the folder fits, this one does.
    /// </summary>
    private bool MatchesLiterals(ReadOnlySpan<byte> folder)
    {
        var variables = _literals.Length - 1;
        if (folder.Length < LiteralLength + variables || !folder.StartsWith(_literals[0]) || !folder.EndsWith(_literals[^1]))
        {
            return false;
        }

        var rest = folder[_literals[0].Length..^_literals[^1].Length];
        foreach (var literal in _literals.AsSpan(1, variables - 1))
        {
            var found = rest.Length > 1 ? rest[1..].IndexOf(literal) : -1;
            if (found < 0)
            {
                return false;
            }

            rest = rest[(1 + found + literal.Length)..];
        }

        return !rest.IsEmpty;
    }

    private bool MatchesConstraint(ReadOnlySpan<byte> folder)
    {
        var chars = folder.Length <= StackChars ? stackalloc char[StackChars] : new char[folder.Length];
        return _constraint!.IsMatch(chars[..Encoding.UTF8.GetChars(folder, chars)]);
    }
}
