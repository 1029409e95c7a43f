namespace Beyla.IntegrationTests.Fleet;

/// <summary>What a program of the fleet is started with.</summary>
/// <param name="Port">Port of 127.0.0.1 to listen on.</param>
/// <param name="TruthFile">Where it logs.</param>
/// <param name="Directory">Its own directory for whatever else it needs.</param>
/// <param name="Tls">What a server that is to be secure presents; <see langword="null"/> for plain HTTP.</param>
/// <param name="IsHttp2">Whether it is to speak HTTP/2.</param>
internal sealed record LaunchContext(int Port, string TruthFile, string Directory, CertificateFiles? Tls = null, bool IsHttp2 = false);
