namespace Beyla.Agent.Configuration.Kinds;

/// <summary>An item of a <see cref="RecordListKind{T}"/>. It keeps its number, by which messages name it, even when it counts for nothing.</summary>
internal interface IListItem
{
    /// <summary>Whether it counts for nothing, and is not shown.</summary>
    bool IsLeftOut { get; set; }

    /// <summary>Whether something of it was not understood, so that what it lacks may be just that.</summary>
    bool IsMisread { get; set; }
}
