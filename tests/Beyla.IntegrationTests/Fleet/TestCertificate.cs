using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>The certificate that secure servers of the fleet present, made anew for every run of the tests.</summary>
internal static class TestCertificate
{
    private static readonly X509Certificate2 Certificate = Make();

    /// <summary>Writes certificate and key as PEM files.</summary>
    /// <returns>Their paths.</returns>
    public static CertificateFiles Write(string directory)
    {
        var files = new CertificateFiles(Path.Combine(directory, "certificate.pem"), Path.Combine(directory, "key.pem"));
        File.WriteAllText(files.Certificate, Certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return files;
    }

    /// <summary>Whether a server has presented this very certificate.</summary>
    public static bool Is(X509Certificate? presented) => presented is not null && Certificate.RawDataMemory.Span.SequenceEqual(presented.GetRawCertData());

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
