using System.Text;
using Beyla.Attributes;
using CsCheck;

namespace Beyla.Core.Tests.Attributes;

public sealed class QueryRedactorTests
{
    private static readonly QueryRedactor Redactor = new(new AttributeOptions().SensitiveQueryParameters);

    [Theory]
    [InlineData("", "")]
    [InlineData("a=1&b=2", "a=1&b=2")]
    [InlineData("sig=abc", "sig=REDACTED")]
    [InlineData("a=1&sig=abc&b=2", "a=1&sig=REDACTED&b=2")]
    [InlineData("sig=abc&Signature=d=e&AWSAccessKeyId=x&X-Goog-Signature=y", "sig=REDACTED&Signature=REDACTED&AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED")]
    [InlineData("Sig=abc&SIG=abc&signal=abc", "Sig=abc&SIG=abc&signal=abc")]
    [InlineData("%73ig=abc&pass%77ord=x", "%73ig=REDACTED&pass%77ord=REDACTED")]
    [InlineData("token", "token")]
    [InlineData("token=", "token=REDACTED")]
    [InlineData("&&token=a&=b&", "&&token=REDACTED&=b&")]
    [InlineData("%=1&%zz=2&token=3", "%=1&%zz=2&token=REDACTED")]
    [InlineData("q=ü&pin=ü&pwd=ü", "q=ü&pin=ü&pwd=REDACTED")]
    public void Values_of_sensitive_parameters_are_replaced(string query, string shown) => Assert.Equal(shown, Redactor.Redact(Encoding.UTF8.GetBytes(query)));

    [Fact]
    public void The_list_is_the_users()
    {
        var options = new AttributeOptions();
        options.SensitiveQueryParameters.Remove("token");
        options.SensitiveQueryParameters.Add("pin");
        Assert.Equal("token=1&pin=REDACTED", new QueryRedactor(options.SensitiveQueryParameters).Redact("token=1&pin=2"u8));
    }

    [Fact]
    public void No_secret_comes_through_and_nothing_else_is_lost() =>
        Gen.Select(Gen.Char["asecrt%&=#1"].Array[0, 12].Select(c => new string(c)), Gen.Char["tokensig%6"].Array[0, 6].Select(c => new string(c))).Array[0, 6].Sample(pairs =>
        {
            var query = string.Join('&', pairs.Select(pair => $"{pair.Item2}={pair.Item1}"));
            var shown = Redactor.Redact(Encoding.UTF8.GetBytes(query)).Split('&');
            var parts = query.Split('&');
            Assert.Equal(parts.Length, shown.Length);
            for (var i = 0; i < parts.Length; i++)
            {
                var name = parts[i].Split('=')[0];
                var isSensitive = parts[i].Contains('=') && new AttributeOptions().SensitiveQueryParameters.Contains(Uri.UnescapeDataString(name));
                Assert.Equal(isSensitive ? $"{name}=REDACTED" : parts[i], shown[i]);
            }
        });
}
