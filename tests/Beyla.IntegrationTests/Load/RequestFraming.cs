namespace Beyla.IntegrationTests.Load;

/// <summary>How request content is delimited.</summary>
internal enum RequestFraming
{
    None,
    ContentLength,
    Chunked,
}
