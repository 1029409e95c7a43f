using System.Text;

namespace Beyla.Metrics;

/// <summary>Turns method bytes into one of a fixed set of names, so that a client can't make up series (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).</summary>
internal sealed class HttpMethods
{
    internal const string Other = "_OTHER";

    private readonly byte[][] _known;
    private readonly string?[] _names;

    internal HttpMethods(IReadOnlyList<string> known)
    {
        _known = [.. known.Select(Encoding.ASCII.GetBytes)];
        _names = [.. known, Other, null];
    }

    /// <summary>Index of the method's name; of no name for an empty method. A scan beats a hash here: the list starts with the most frequent methods.</summary>
    internal int Find(ReadOnlySpan<byte> method)
    {
        if (method.IsEmpty)
        {
            return _names.Length - 1;
        }

        var i = 0;
        while (i < _known.Length && !method.SequenceEqual(_known[i]))
        {
            i++;
        }

        return i;
    }

    internal string? Name(int index) => _names[index];
}
