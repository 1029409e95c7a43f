namespace Beyla.Agent.Configuration.Yaml;

/// <summary>A reference to a variable as configuration files have it: <c>${NAME}</c>, <c>${env:NAME}</c>, <c>${NAME:-default}</c>.</summary>
internal readonly ref struct VariableReference
{
    private VariableReference(ReadOnlySpan<char> name, ReadOnlySpan<char> fallback, int length)
    {
        Name = name;
        Fallback = fallback;
        Length = length;
    }

    internal ReadOnlySpan<char> Name { get; }

    /// <summary>What stands in when the variable is empty or not set.</summary>
    internal ReadOnlySpan<char> Fallback { get; }

    /// <summary>Characters from the dollar sign to the closing brace.</summary>
    internal int Length { get; }

    /// <summary>Reads a reference at the start of <paramref name="text"/>.</summary>
    /// <returns>Whether there is one; what only looks like one is text.</returns>
    internal static bool TryRead(ReadOnlySpan<char> text, out VariableReference reference)
    {
        reference = default;
        if (!text.StartsWith("${"))
        {
            return false;
        }

        var rest = text[2..];
        if (rest.StartsWith("env:"))
        {
            rest = rest[4..];
        }

        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetter(rest[length]) || rest[length] == '_' || (length > 0 && char.IsAsciiDigit(rest[length]))))
        {
            length++;
        }

        var name = rest[..length];
        rest = rest[length..];
        ReadOnlySpan<char> fallback = default;
        if (rest.StartsWith(":-"))
        {
            rest = rest[2..];
            fallback = rest[..Math.Max(0, rest.IndexOfAny('}', '\n', '\r'))];
            rest = rest[fallback.Length..];
        }

        if (name.IsEmpty || rest is not ['}', ..])
        {
            return false;
        }

        reference = new(name, fallback, text.Length - rest.Length + 1);
        return true;
    }

    /// <summary>Makes a text of which nothing is taken for a reference.</summary>
    internal static string Escape(string text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (TryRead(text.AsSpan(i), out _))
            {
                text = text.Insert(i, "$");
            }
        }

        return text;
    }
}
