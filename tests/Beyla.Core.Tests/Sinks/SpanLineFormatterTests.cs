using System.Buffers;
using System.Text;
using Beyla.Sinks;
using Beyla.Tracing;
using CsCheck;

namespace Beyla.Core.Tests.Sinks;

public sealed class SpanLineFormatterTests
{
    [Fact]
    public void A_request_is_one_line_in_the_documented_shape() => Assert.Equal(
        "2026-11-22 13:49:04.123456 (15.22ms[689.9µs]) 200 GET /user/1234/info(/user/{id}/info) [127.0.0.1:50482]->[127.0.0.1:8080] size:0B svc=[shop]\n",
        Line(Spans.Http()));

    [Fact]
    public void The_time_is_that_of_the_given_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(5.5), "test", "test");
        Assert.StartsWith("2026-11-22 19:19:04.123456 ", Line(Spans.Http(), zone), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_route_nothing_follows_the_path() =>
        Assert.Contains(" GET /user/1234/info [127", Line(Spans.Http(route: null)), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_known_is_marked_and_not_invented()
    {
        var line = Line(Spans.Http(status: null, requestSize: null, serviceNanoseconds: null));
        Assert.Contains(" (15.22ms[?]) --- GET ", line, StringComparison.Ordinal);
        Assert.Contains(" size:?B ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_goes_before_the_name()
    {
        var service = Spans.Shop with { Namespace = "prod" };
        Assert.EndsWith(" svc=[prod/shop]\n", Line(Spans.Http(service: service)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_span_shows_who_connected_to_whom()
    {
        var line = Line(Spans.Http(kind: SpanKind.Client, requestSize: 1234, method: "POST", status: 503));
        Assert.Contains(" 503 POST ", line, StringComparison.Ordinal);
        Assert.Contains(" [127.0.0.1:50482]->[127.0.0.1:8080] size:1234B ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_IPv6_endpoint_keeps_its_own_brackets()
    {
        var source = new SocketEndpoint([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 9);
        Assert.Contains(" [[::1]:9]->[127.0.0.1:8080] ", Line(Spans.Http(source: source)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a\nb", @"/a\x0ab")]
    [InlineData("/a\r\nb", @"/a\x0d\x0ab")]
    [InlineData("/\u001b[2Jb", @"/\x1b[2Jb")]
    [InlineData("/\u009b2Jb", @"/\x9b2Jb")]
    [InlineData("/\u007f\0", @"/\x7f\x00")]
    [InlineData("/a b", @"/a\x20b")]
    [InlineData("/a\\x0ab", @"/a\\x0ab")]
    [InlineData("/\u2028", @"/\u{2028}")]
    [InlineData("/\u202etxt", @"/\u{202e}txt")]
    [InlineData("/größe/日本", "/größe/日本")]
    [InlineData("/\ud83d\ude00", "/\ud83d\ude00")]
    public void A_path_can_forge_neither_lines_nor_terminal_commands(string path, string shown) =>
        Assert.Contains($" GET {shown} [127", Line(Spans.Http(path, route: null)), StringComparison.Ordinal);

    // Not a row of the table above: attribute data is stored as UTF-8, which has no lone surrogates.
    [Fact]
    public void A_lone_surrogate_is_shown_as_the_replacement_character() =>
        Assert.Contains(" GET /\ufffd [127", Line(Spans.Http("/\ud83d", route: null)), StringComparison.Ordinal);

    [Fact]
    public void Any_text_gives_one_line_of_printable_characters_and_as_many_fields() =>
        Gen.Select(Gen.String, Gen.String).Sample((path, method) =>
        {
            var line = Line(Spans.Http("/" + path, route: null, method: "X" + method));
            Assert.Equal('\n', line[^1]);
            Assert.DoesNotContain(line[..^1], char.IsControl);
            Assert.Equal(9, line.Split(' ').Length);
        });

    [Fact]
    public void Different_texts_are_never_shown_alike() =>
        Gen.Select(Gen.String[Gen.Char["\\x0ab \n\u0001"], 0, 6], Gen.String[Gen.Char["\\x0ab \n\u0001"], 0, 6]).Sample((one, other) =>
            Assert.Equal(one == other, Escaped(one) == Escaped(other)));

    private static string Line(Span span, TimeZoneInfo? zone = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        SpanLineFormatter.Append(buffer, span, zone ?? TimeZoneInfo.Utc);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Escaped(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        PrintableText.Append(buffer, text, escapeSpace: true);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
