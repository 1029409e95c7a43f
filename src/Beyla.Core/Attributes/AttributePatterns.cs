using Beyla.Discovery.Selection;

namespace Beyla.Attributes;

/// <summary>Names and globs that a user wrote, made ready to be asked often.</summary>
internal sealed class AttributePatterns(IEnumerable<string> patterns)
{
    private readonly string[] _names = [.. patterns.Where(pattern => !AttributeName.IsGlob(pattern)).Select(AttributeName.Normalize)];
    private readonly Glob[] _globs = [.. patterns.Where(AttributeName.IsGlob).Select(Compile)];

    internal bool IsEmpty => _names.Length + _globs.Length == 0;

    internal bool Fit(string name)
    {
        var normal = AttributeName.Normalize(name);
        return Array.IndexOf(_names, normal) >= 0 || Array.Exists(_globs, glob => glob.IsMatch(normal));
    }

    private static Glob Compile(string pattern) => Glob.TryCompile(AttributeName.Normalize(pattern), out var glob, out var problem)
        ? glob
        : throw new ArgumentException($"'{pattern}': {problem}", nameof(pattern));
}
