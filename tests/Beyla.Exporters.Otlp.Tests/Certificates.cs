using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>An authority of its own with certificates for localhost and a client, and their PEM files in a temporary folder.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beyla-otlp-").FullName;

    internal Certificates(string name = "Beyla test authority")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        AuthorityFile = Write("ca.pem", Authority.ExportCertificatePem());
        Server = Issue("localhost", out _, out _);
        Issue("client", out var certificate, out var clientKey);
        ClientFile = Write("client.pem", certificate);
        ClientKeyFile = Write("client.key", clientKey);
        IssueBelow("device", out var chain, out var deviceKey);
        ClientChainFile = Write("device.pem", chain + deviceKey);
    }

    internal X509Certificate2 Authority { get; }

    internal X509Certificate2 Server { get; }

    internal string AuthorityFile { get; }

    internal string ClientFile { get; }

    internal string ClientKeyFile { get; }

    /// <summary>A client's certificate with the authority between it and <see cref="Authority"/>, and its key.</summary>
    internal string ClientChainFile { get; }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509Certificate2 Issue(string name, out string certificatePem, out string keyPem)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(Authority, Authority.NotBefore, Authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        certificatePem = issued.ExportCertificatePem();
        keyPem = key.ExportPkcs8PrivateKeyPem();
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private void IssueBelow(string name, out string chainPem, out string keyPem)
    {
        using var betweenKey = RSA.Create(2048);
        var between = new CertificateRequest("CN=Beyla test department", betweenKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        between.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var department = between.Create(Authority, Authority.NotBefore, Authority.NotAfter, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(betweenKey);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var issued = request.Create(department, Authority.NotBefore, Authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        chainPem = $"{issued.ExportCertificatePem()}\n{department.ExportCertificatePem()}\n";
        keyPem = key.ExportPkcs8PrivateKeyPem();
    }

    private string Write(string name, string pem)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, pem);
        return file;
    }
}
