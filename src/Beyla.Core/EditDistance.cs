namespace Beyla;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class EditDistance
{
    /// <summary>The candidate that looks as if it was meant; <see langword="null"/> when none does.</summary>
    internal static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var nearest = candidates.Order(StringComparer.Ordinal).MinBy(candidate => Between(name, candidate));
        var distance = nearest is null ? int.MaxValue : Between(name, nearest);
        return distance <= Math.Max(2, name.Length / 5) && distance < name.Length ? nearest : null;
    }

    /// <summary>Characters to insert, delete or replace to make one text of the other (Levenshtein).</summary>
    internal static int Between(string one, string other)
    {
        var row = new int[other.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}
