namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Goes on describing a session that <c>AddBeyla</c> added to a service collection.</summary>
public interface IBeylaBuilder
{
    /// <summary>The service collection that the session was added to.</summary>
    IServiceCollection Services { get; }

    /// <summary>Name of the session: its service key, and the name of its options. Empty for the default session, which has no key.</summary>
    string Name { get; }
}
