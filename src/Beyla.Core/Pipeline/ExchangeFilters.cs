using Beyla.Attributes;
using Beyla.Protocols;
using Beyla.Tracing;

namespace Beyla.Pipeline;

/// <summary>The filters of a session.</summary>
internal sealed class ExchangeFilters(IEnumerable<AttributeFilter> filters)
{
    private readonly CompiledFilter[] _filters = [.. filters.Select(filter => new CompiledFilter(filter))];

    public bool IsEmpty => _filters.Length == 0;

    /// <summary>Whether all of them hold.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="service">The service that it belongs to.</param>
    /// <param name="route">Its route; <see langword="null"/> for none.</param>
    public bool Pass(Exchange exchange, ServiceInfo service, string? route)
    {
        foreach (var filter in _filters)
        {
            if (!filter.Holds(ValueOf(filter.Attribute, exchange, service, route)))
            {
                return false;
            }
        }

        return true;
    }

    private static AttributeValue ValueOf(ExchangeAttribute attribute, Exchange exchange, ServiceInfo service, string? route) => attribute switch
    {
        ExchangeAttribute.ServiceName => AttributeValue.Of(service.Name),
        ExchangeAttribute.ServiceNamespace => AttributeValue.Of(service.Namespace),
        ExchangeAttribute.ServiceInstanceId => AttributeValue.Of(service.InstanceId),
        ExchangeAttribute.ProcessId => AttributeValue.Of(service.ProcessId),
        ExchangeAttribute.Language => AttributeValue.Of(service.Language),
        _ => exchange.Get(attribute, route),
    };
}
