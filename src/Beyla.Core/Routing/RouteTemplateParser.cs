using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Beyla.Routing;

/// <summary>Reads one pattern from left to right and stops at the first fault.</summary>
internal sealed class RouteTemplateParser
{
    private readonly string _pattern;
    private readonly int _end;
    private readonly List<RouteFolder> _folders = [];
    private int _position;
    private bool _matchesBelow;
    private string? _error;

    internal RouteTemplateParser(string pattern)
    {
        _pattern = pattern;
        _position = pattern.StartsWith('/') ? 1 : 0;
        _end = pattern.Length > 1 && pattern.EndsWith('/') ? pattern.Length - 1 : pattern.Length;
    }

    internal RouteTemplate? Parse([NotNullIfNotNull(nameof(_error))] out string? error)
    {
        if (_pattern.Length == 0)
        {
            error = "Route pattern '' is empty: to match every path write '/*'.";
            return null;
        }

        for (var more = _position < _end; more && _error is null;)
        {
            ReadFolder();
            more = _position++ < _end;
        }

        error = _error;
        return error is null ? new RouteTemplate(_pattern, [.. _folders], _matchesBelow) : null;
    }

    private void ReadFolder()
    {
        var start = _position;
        if (_matchesBelow)
        {
            Fail(start, "nothing can follow a '*' that stands for everything below; for any one folder write '*' or '{name}' alone");
            return;
        }

        if (ReadStar(start))
        {
            return;
        }

        var literals = new List<string>();
        var constraints = new List<string?>();
        var literal = new StringBuilder();
        while (_error is null && _position < _end && _pattern[_position] != '/')
        {
            var at = _position;
            var character = _pattern[_position++];
            var afterVariable = literal.Length == 0 && literals.Count > 0;
            if (character == '{' || (character == ':' && !afterVariable))
            {
                if (afterVariable)
                {
                    Fail(at, "nothing tells where the variable before ends and this one begins; put text between them");
                    return;
                }

                literals.Add(literal.ToString());
                literal.Clear();
                constraints.Add(character == '{' ? ReadBraces(at, start) : ReadName());
            }
            else if (Refusal(character) is { } refusal)
            {
                Fail(at, refusal);
            }
            else
            {
                literal.Append(character);
            }
        }

        literals.Add(literal.ToString());
        if (_error is null && !_matchesBelow)
        {
            _folders.Add(new RouteFolder([.. literals.Select(Encoding.UTF8.GetBytes)], RouteConstraint.ForFolder(literals, constraints)));
        }
    }

    /// <summary><c>*</c> inside is one folder, so that a learned route can be used as a pattern; at the end it is the rest.</summary>
    private bool ReadStar(int start)
    {
        var slash = _pattern.IndexOf('/', start, _end - start);
        var folderEnd = slash < 0 ? _end : slash;
        var folder = _pattern.AsSpan(start, folderEnd - start);
        if (folder is not ("*" or "**"))
        {
            return false;
        }

        _position = folderEnd;
        if (folderEnd == _end)
        {
            _matchesBelow = true;
        }
        else if (folder is "*")
        {
            _folders.Add(new RouteFolder([[], []], null));
        }
        else
        {
            Fail(start, "'**' can only be the last folder; for any one folder write '*' or '{name}'");
        }

        return true;
    }

    /// <summary>Reads from after the opening brace; the closing one may lie behind a slash or braces of an expression.</summary>
    private string? ReadBraces(int open, int folderStart)
    {
        var depth = 1;
        for (; _position < _pattern.Length; _position++)
        {
            var character = _pattern[_position];
            if (character == '\\')
            {
                _position++;
            }
            else if (character == '{')
            {
                depth++;
            }
            else if (character == '}' && --depth == 0)
            {
                break;
            }
        }

        if (depth > 0 || _position >= _pattern.Length)
        {
            return Fail(open, "the variable is not closed; add '}'");
        }

        var content = _pattern[(open + 1)..(_position++)];
        if (content.StartsWith('*'))
        {
            if (open != folderStart || _position < _end)
            {
                return Fail(open, $"'{{{content}}}' takes everything below, so it must be a whole folder and the last one");
            }

            _matchesBelow = true;
            return null;
        }

        var colon = content.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? content : content[..colon];
        foreach (var character in name)
        {
            if (!char.IsLetterOrDigit(character) && character is not ('_' or '-' or '.'))
            {
                return Fail(open, $"'{character}' cannot be in the name of a variable; names have letters, digits, '_', '-' and '.'");
            }
        }

        if (colon < 0)
        {
            return null;
        }

        var fault = RouteConstraint.Read(content[(colon + 1)..], out var expression);
        return fault is null ? expression : Fail(open, fault);
    }

    private string? ReadName()
    {
        while (_position < _end && (char.IsLetterOrDigit(_pattern[_position]) || _pattern[_position] == '_'))
        {
            _position++;
        }

        return _position < _end && _pattern[_position] == '('
            ? Fail(_position, "an expression in parentheses is not known here; write it as in {id:[0-9]+}")
            : null;
    }

    private static string? Refusal(char character) => character switch
    {
        '}' => "'}' closes no variable; add '{' or remove it",
        '*' => "'*' must be a folder of its own; for a variable part of a folder write '{name}'",
        '?' or '#' => $"a path ends before '{character}'; remove it and what follows",
        _ when char.IsWhiteSpace(character) => "a path has no white space; write '%20' for a space",
        _ => null,
    };

    private string? Fail(int position, string reason)
    {
        _error ??= $"Route pattern '{_pattern}' is not valid at position {position}: {reason}.";
        return null;
    }
}
