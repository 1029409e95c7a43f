using System.Diagnostics.CodeAnalysis;
using Beyla;
using Beyla.Sinks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sinks and exporters for a session that <c>AddBeyla</c> added.</summary>
public static class BeylaBuilderExtensions
{
    /// <summary>Gives the session a sink that the container makes, with the services its constructor asks for. A second call for the same type has no effect.</summary>
    /// <typeparam name="TSink">The sink. Session and container both dispose it, so its disposal must bear repetition.</typeparam>
    public static IBeylaBuilder AddSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(this IBeylaBuilder builder)
        where TSink : class, ISpanSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(builder.Name.Length == 0
            ? ServiceDescriptor.Singleton<ISpanSink, TSink>()
            : ServiceDescriptor.KeyedSingleton<ISpanSink, TSink>(builder.Name));
        return builder;
    }

    /// <summary>Gives the session a sink that exists already. The session disposes it.</summary>
    public static IBeylaBuilder AddSink(this IBeylaBuilder builder, ISpanSink sink)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(sink);
        builder.Services.Add(builder.Name.Length == 0
            ? ServiceDescriptor.Singleton(sink)
            : ServiceDescriptor.KeyedSingleton(builder.Name, sink));
        return builder;
    }

    /// <summary>Gives the session a sink that <paramref name="factory"/> makes when the session is built. Session and container both dispose it.</summary>
    public static IBeylaBuilder AddSink(this IBeylaBuilder builder, Func<IServiceProvider, ISpanSink> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.Add(builder.Name.Length == 0
            ? ServiceDescriptor.Singleton(factory)
            : ServiceDescriptor.KeyedSingleton(builder.Name, (services, _) => factory(services)));
        return builder;
    }

    /// <summary>
    /// Repeats the session's spans as activities of the source <see cref="BeylaInstrumentation.ActivitySourceName"/>, for
    /// the host's own OpenTelemetry pipeline (<c>tracing.AddSource(…)</c>). A second call has no effect.
    /// </summary>
    /// <remarks>What an activity can and can't take over of a span: <see cref="ActivitySpanSink"/>.</remarks>
    public static IBeylaBuilder AddActivitySource(this IBeylaBuilder builder) => builder.AddSink<ActivitySpanSink>();

    /// <summary>
    /// Gives the session a <see cref="ChannelSpanSink"/>, which consumers get from the container to pull spans from; that
    /// of a named session under its name as the key. A second call has no effect.
    /// </summary>
    /// <param name="builder">The session.</param>
    /// <param name="capacity">Spans kept for the consumer; beyond it the oldest is dropped and counted.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public static IBeylaBuilder AddChannel(this IBeylaBuilder builder, int capacity = ChannelSpanSink.DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var channel = new ChannelSpanSink(capacity);
        var key = builder.Name.Length == 0 ? null : builder.Name;
        if (!builder.Services.Any(service => service.ServiceType == typeof(ChannelSpanSink) && Equals(service.ServiceKey, key)))
        {
            builder.Services.Add(new ServiceDescriptor(typeof(ChannelSpanSink), key, channel));
            builder.AddSink(channel);
        }

        return builder;
    }

    /// <summary>Gives the session an exporter that exists already. The session disposes it.</summary>
    public static IBeylaBuilder AddExporter(this IBeylaBuilder builder, ISessionExporter exporter)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        return builder.AddExporter(_ => exporter);
    }

    /// <summary>Gives the session an exporter that <paramref name="factory"/> makes when the session is built. Session and container both dispose it.</summary>
    public static IBeylaBuilder AddExporter(this IBeylaBuilder builder, Func<IServiceProvider, ISessionExporter> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.Add(builder.Name.Length == 0
            ? ServiceDescriptor.Singleton(factory)
            : ServiceDescriptor.KeyedSingleton(builder.Name, (services, _) => factory(services)));
        return builder;
    }
}
