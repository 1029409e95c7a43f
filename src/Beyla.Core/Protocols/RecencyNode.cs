namespace Beyla.Protocols;

/// <summary>Something with its place in the order of last use. The order is a ring of nodes, and its head is the list itself.</summary>
internal class RecencyNode
{
    private RecencyNode _previous;

    public RecencyNode() => Next = _previous = this;

    /// <summary>Of the list's head: what was unused for longest.</summary>
    public RecencyNode Next { get; private set; }

    /// <summary>Makes it the most recent of a list.</summary>
    /// <param name="list">The list's head.</param>
    public void Touch(RecencyNode list)
    {
        // A response mostly follows its request directly: then the node is where it belongs.
        if (Next == list)
        {
            return;
        }

        Unlink();
        _previous = list._previous;
        Next = list;
        _previous.Next = this;
        list._previous = this;
    }

    public void Unlink()
    {
        _previous.Next = Next;
        Next._previous = _previous;
        Next = _previous = this;
    }
}
