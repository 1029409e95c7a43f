using Microsoft.Extensions.DependencyInjection;

namespace Beyla.Extensions.Hosting;

internal sealed class BeylaBuilder(IServiceCollection services, string name) : IBeylaBuilder
{
    public IServiceCollection Services { get; } = services;

    public string Name { get; } = name;
}
