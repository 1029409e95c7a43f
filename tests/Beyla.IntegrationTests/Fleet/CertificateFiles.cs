namespace Beyla.IntegrationTests.Fleet;

/// <summary>PEM files of a server.</summary>
/// <param name="Certificate">Its certificate, which is its own authority.</param>
/// <param name="Key">The private key.</param>
internal sealed record CertificateFiles(string Certificate, string Key);
