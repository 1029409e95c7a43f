namespace Beyla.IntegrationTests.Load;

/// <summary>Where the client goes away on purpose.</summary>
internal enum ClientFault
{
    None,
    InHead,
    InRequest,
    InResponse,
}
