using System.Text;
using System.Text.RegularExpressions;

namespace Beyla.Routing;

/// <summary>The text after the colon in <c>{id:[0-9]+}</c>: a regular expression, or one of ASP.NET Core's names for one.</summary>
internal static class RouteConstraint
{
    private const string Anything = @"[\s\S]+";

    // Linear in the length of the path whatever the expression: paths come from strangers.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>The expression of one variable.</summary>
    /// <returns>A reason and a way out, or <see langword="null"/> when it is fine.</returns>
    internal static string? Read(string text, out string expression)
    {
        expression = Named(text) ?? text;
        if (text.Length == 0)
        {
            return "the constraint after ':' is empty; drop the colon or write one as in {id:[0-9]+}";
        }

        var end = text.IndexOfAny(['(', ':']);
        if (end > 0 && IsRoutingFunction(text[..end]))
        {
            return $"'{text}' is a constraint of ASP.NET Core that is not known here; write a regular expression as in {{id:[0-9]+}}";
        }

        try
        {
            _ = new Regex(expression, Options);
            return null;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return $"the constraint '{text}' is not usable as a regular expression: {failure.Message}";
        }
    }

    /// <param name="literals">One more than there are variables.</param>
    /// <param name="constraints">One for each variable, <see langword="null"/> where it has none.</param>
    internal static Regex? ForFolder(List<string> literals, List<string?> constraints)
    {
        if (constraints.TrueForAll(constraint => constraint is null))
        {
            return null;
        }

        var expression = new StringBuilder(@"\A").Append(Regex.Escape(literals[0]));
        for (var i = 0; i < constraints.Count; i++)
        {
            expression.Append("(?:").Append(constraints[i] ?? Anything).Append(')').Append(Regex.Escape(literals[i + 1]));
        }

        return new Regex(expression.Append(@"\z").ToString(), Options);
    }

    private static string? Named(string text) => text switch
    {
        "int" or "long" => "-?[0-9]+",
        "decimal" or "double" or "float" => @"-?[0-9]+(?:\.[0-9]+)?",
        "bool" => "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]",
        "guid" => "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
        "alpha" => "[A-Za-z]+",
        _ => null,
    };

    private static bool IsRoutingFunction(string name) =>
        Named(name) is not null || name is "datetime" or "min" or "max" or "range" or "length" or "minlength" or "maxlength" or "regex";
}
