namespace Beyla.IntegrationTests.Load;

/// <summary>How the server is asked to delimit response content.</summary>
internal enum ResponseFraming
{
    ContentLength,
    Chunked,
    CloseDelimited,
}
