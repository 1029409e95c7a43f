using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>Remembers the text of addresses, because printing one allocates and a service meets the same few again and again.</summary>
internal sealed class AddressNames
{
    private const int Capacity = 1024;

    private readonly Dictionary<SocketEndpoint, string> _names = [];

    internal string Of(in SocketEndpoint endpoint)
    {
        if (_names.TryGetValue(endpoint, out var name))
        {
            return name;
        }

        // Whoever talks to that many servers pays for printing; forgetting everything is simpler than choosing.
        if (_names.Count == Capacity)
        {
            _names.Clear();
        }

        name = endpoint.Address.ToString();
        _names.Add(endpoint, name);
        return name;
    }
}
