namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// The messages around spans and metrics, and the cuts between requests. Both signals have the same shape: a request
/// holds groups with a resource and one scope (<c>ResourceSpans</c>, <c>ResourceMetrics</c>), whose fields are equally
/// numbered. What would exceed the largest request goes on in the next one, under its resource again.
/// </summary>
internal sealed class RequestWriter(ProtobufBuffer output, int maxBytes)
{
    private const int Groups = 1;
    private const int Resource = 1;
    private const int ScopeGroups = 2;
    private const int Scope = 1;

    private readonly List<(int Start, int Length, int Items)> _cuts = [];
    private byte[] _resource = [];
    private bool _isOpen;
    private int _group;
    private int _scope;
    private int _start;
    private int _items;

    /// <summary>Requests that are complete.</summary>
    internal int Count => _cuts.Count;

    /// <summary>A complete request.</summary>
    internal EncodedRequest this[int index]
    {
        get
        {
            var (start, length, items) = _cuts[index];
            return new(output.Written.Slice(start, length), items);
        }
    }

    /// <summary>Whether the request at hand has the size where the next one begins.</summary>
    internal bool IsFull => output.Length - _start >= maxBytes;

    internal void Clear()
    {
        output.Clear();
        _cuts.Clear();
        _isOpen = false;
        _start = 0;
        _items = 0;
    }

    /// <summary>What follows belongs to this resource.</summary>
    /// <param name="resource">Content of a <c>Resource</c> message.</param>
    internal void SetResource(byte[] resource)
    {
        Close();
        _resource = resource;
    }

    /// <summary>Has the messages of the resource and its scope begun, if need be.</summary>
    internal void Open()
    {
        if (_isOpen)
        {
            return;
        }

        _isOpen = true;
        _group = output.Begin(Groups);
        output.Bytes(Resource, _resource);
        _scope = output.Begin(ScopeGroups);
        ScopeEncoder.Write(output, Scope);
    }

    /// <summary>A span or data point is written.</summary>
    internal void CountItem() => _items++;

    /// <summary>Ends the request at hand, if there is anything in it. Every message inside the scope must have ended.</summary>
    internal void Cut()
    {
        Close();
        if (_items > 0)
        {
            _cuts.Add((_start, output.Length - _start, _items));
        }

        _start = output.Length;
        _items = 0;
    }

    private void Close()
    {
        if (_isOpen)
        {
            output.End(_scope);
            output.End(_group);
            _isOpen = false;
        }
    }
}
