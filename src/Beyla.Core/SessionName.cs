using System.Globalization;

namespace Beyla;

/// <summary>A name that no other living session of this process has: the one that was wanted, numbered from the second of its kind on.</summary>
internal sealed class SessionName : IDisposable
{
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal);

    private bool _isGivenBack;

    private SessionName(string value)
    {
        Value = value;
    }

    /// <summary>Empty for the first of those that want none.</summary>
    internal string Value { get; }

    public void Dispose()
    {
        lock (Taken)
        {
            // Given back twice it would be taken from whoever has it by then.
            if (!_isGivenBack)
            {
                _isGivenBack = true;
                Taken.Remove(Value);
            }
        }
    }

    internal static SessionName Take(string wanted)
    {
        lock (Taken)
        {
            var name = wanted;
            for (var number = 2; !Taken.Add(name); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{wanted}#{number}");
            }

            return new SessionName(name);
        }
    }
}
