using Beyla.Capture.Uprobes;
using Beyla.Discovery.Proc;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class OpenSslTests
{
    [Fact]
    public void The_library_that_this_process_has_loaded_is_found_with_all_its_functions()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(1024);
        _ = rsa.ExportParameters(includePrivateParameters: false);

        var code = new TlsCodeFinder(new ProcFs()).Find(Environment.ProcessId);

        var target = Assert.Single(code.Targets, target => target.Library == "OpenSSL");
        Assert.True(code.IsCovered);
        Assert.Contains("libssl.so", target.Name, StringComparison.Ordinal);
        Assert.Equal(13, target.Sites.Length);
        Assert.All(target.Sites, site => Assert.NotEqual(0, site.Entry));
        Assert.NotNull(target.Layout.ReadBio);
        Assert.Equal(target.Layout.ReadBio + 8, target.Layout.WriteBio);
        Assert.NotNull(target.Layout.ClientRandom);
    }
}
