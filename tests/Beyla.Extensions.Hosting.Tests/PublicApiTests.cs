using System.Reflection;
using Beyla.Tests.Shared;

namespace Beyla.Extensions.Hosting.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_approved_one() => PublicApi.ExpectApproved(Assembly.Load("Beyla.Extensions.Hosting"));
}
