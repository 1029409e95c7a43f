using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols.Tls;

public sealed class TlsSessionsTests
{
    private const ulong Socket = 1;
    private const ulong OtherSocket = 2;
    private const ulong Session = 10;
    private const ulong OtherSession = 11;

    private readonly TlsFixture _fixture = new();

    [Fact]
    public void A_session_is_tied_to_the_connection_over_which_its_ClientHello_went()
    {
        Greet(Socket, 1);
        Greet(OtherSocket, 2);
        _fixture.Serve(Session, "/a", random: TlsFixture.Random(2));
        _fixture.Serve(OtherSession, "/b", random: TlsFixture.Random(1));
        Assert.Equal(
            [(SpanKind.Server, "/a", TlsFixture.Port(OtherSocket), true, 200), (SpanKind.Server, "/b", TlsFixture.Port(Socket), true, 200)],
            _fixture.Spans);
        Assert.Equal([Socket, OtherSocket], _fixture.Silent.Order());
        Assert.Equal(0, _fixture.CiphertextWanted);
    }

    [Fact]
    public void A_session_is_tied_to_the_socket_that_it_used_when_the_beginning_of_the_connection_was_not_seen()
    {
        _fixture.Serve(Session, "/old", socket: Socket);
        Assert.Equal([(SpanKind.Server, "/old", TlsFixture.Port(Socket), true, 200)], _fixture.Spans);
        Assert.Contains(Socket, _fixture.Silent);
    }

    [Fact]
    public void A_socket_that_carried_another_ClientHello_is_not_believed()
    {
        // A callback of the library did I/O of another session inside of this one's call.
        Greet(Socket, 1);
        _fixture.Serve(Session, "/a", socket: Socket, random: TlsFixture.Random(2));
        Assert.Empty(_fixture.Spans);

        Greet(OtherSocket, 2);
        _fixture.Serve(Session, "/b", socket: Socket, random: TlsFixture.Random(2));
        Assert.Equal(["/a", "/b"], _fixture.Spans.Select(static span => span.Path));
        Assert.All(_fixture.Spans, static span => Assert.Equal(TlsFixture.Port(OtherSocket), span.Port));
        Assert.True(_fixture.Tls.Counters.Contradictions > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_older_than_the_observer_is_tied_by_a_record_that_it_encrypts(bool libraryFirst)
    {
        _fixture.OnSocket(Socket, SocketDirection.Received, TlsFixture.Record(1));
        _fixture.OnSocket(OtherSocket, SocketDirection.Received, TlsFixture.Record(2));
        _fixture.Serve(Session, "/first");
        Assert.Empty(_fixture.Spans);
        Assert.True(_fixture.CiphertextWanted > 0);

        if (libraryFirst)
        {
            _fixture.OnCiphertext(Session, SocketDirection.Sent, TlsFixture.Record(3));
        }

        _fixture.OnSocket(OtherSocket, SocketDirection.Sent, TlsFixture.Record(3));
        if (!libraryFirst)
        {
            _fixture.OnCiphertext(Session, SocketDirection.Sent, TlsFixture.Record(3));
        }

        _fixture.Serve(Session, "/second");
        Assert.Equal(["/first", "/second"], _fixture.Spans.Select(static span => span.Path));
        Assert.All(_fixture.Spans, static span => Assert.Equal(TlsFixture.Port(OtherSocket), span.Port));
    }

    [Fact]
    public void A_session_is_tied_by_a_record_of_which_the_library_reads_header_and_content_by_themselves()
    {
        _fixture.OnSocket(Socket, SocketDirection.Received, TlsFixture.Record(1));
        _fixture.OnCiphertext(Session, SocketDirection.Received, TlsFixture.Record(1)[..5]);
        _fixture.OnCiphertext(Session, SocketDirection.Received, TlsFixture.Content(1));
        _fixture.Serve(Session, "/a");
        Assert.Equal([TlsFixture.Port(Socket)], _fixture.Spans.Select(static span => span.Port));
    }

    [Fact]
    public void Records_that_are_not_encrypted_tie_nothing()
    {
        // Certificates are the same bytes on every connection of a server.
        byte[] certificate = [22, 3, 3, 0, 32, .. TlsFixture.Content(1)];
        _fixture.OnSocket(Socket, SocketDirection.Sent, certificate);
        _fixture.OnCiphertext(Session, SocketDirection.Sent, certificate);
        _fixture.OnCiphertext(Session, SocketDirection.Received, certificate[..5]);
        _fixture.OnCiphertext(Session, SocketDirection.Received, certificate[5..]);
        _fixture.Serve(Session, "/a");
        Assert.Empty(_fixture.Spans);
    }

    [Fact]
    public void A_record_that_was_received_is_not_one_that_was_sent()
    {
        _fixture.OnSocket(Socket, SocketDirection.Received, TlsFixture.Record(1));
        _fixture.OnCiphertext(Session, SocketDirection.Sent, TlsFixture.Record(1));
        _fixture.Serve(Session, "/a");
        Assert.Empty(_fixture.Spans);
    }

    [Fact]
    public void The_two_ends_of_a_connection_in_one_process_are_told_apart_by_ciphertext()
    {
        _fixture.OnSocket(Socket, SocketDirection.Sent, TlsFixture.Hello(1));
        Assert.Contains(Socket, _fixture.Silent);
        _fixture.OnSocket(OtherSocket, SocketDirection.Received, TlsFixture.Hello(1));
        Assert.Empty(_fixture.Silent);

        _fixture.OnPlaintext(Session, SocketDirection.Sent, "GET /self HTTP/1.1\r\nHost: a\r\n\r\n", random: TlsFixture.Random(1));
        _fixture.OnCiphertext(Session, SocketDirection.Sent, TlsFixture.Record(2));
        _fixture.OnSocket(Socket, SocketDirection.Sent, TlsFixture.Record(2));
        _fixture.OnSocket(OtherSocket, SocketDirection.Received, TlsFixture.Record(2));
        _fixture.OnCiphertext(OtherSession, SocketDirection.Received, TlsFixture.Record(2));
        _fixture.Serve(OtherSession, "/self", random: TlsFixture.Random(1));
        _fixture.OnPlaintext(Session, SocketDirection.Received, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", random: TlsFixture.Random(1));
        Assert.Equal(
            [(SpanKind.Server, "/self", TlsFixture.Port(OtherSocket), true, 200), (SpanKind.Client, "/self", TlsFixture.Port(Socket), true, 200)],
            _fixture.Spans);
    }

    [Fact]
    public void Processes_do_not_share_ClientHellos()
    {
        _fixture.OnSocket(Socket, SocketDirection.Sent, TlsFixture.Hello(1), processId: 1);
        _fixture.OnSocket(OtherSocket, SocketDirection.Received, TlsFixture.Hello(1));
        _fixture.Serve(Session, "/a", random: TlsFixture.Random(1));
        Assert.Equal([TlsFixture.Port(OtherSocket)], _fixture.Spans.Select(static span => span.Port));
    }

    [Fact]
    public void Plaintext_that_can_not_be_tied_is_counted_and_never_a_span()
    {
        Greet(Socket, 1);
        _fixture.Serve(Session, "/lost", random: TlsFixture.Random(9));
        _fixture.Pass(TimeSpan.FromSeconds(11));
        Assert.Equal(2, _fixture.Tls.Counters.Untied);
        _fixture.Pass(TimeSpan.FromSeconds(11));
        Assert.Equal(0, _fixture.Tls.Count);
        Assert.Empty(_fixture.Spans);
    }

    [Fact]
    public void What_waits_for_its_connection_is_bounded()
    {
        for (var i = 0; i < 1000; i++)
        {
            _fixture.OnPlaintext(Session, SocketDirection.Received, new string('x', 8192));
        }

        Assert.True(_fixture.Tls.Counters.Untied >= 1000 - 64);
    }

    [Fact]
    public void Sessions_and_connections_are_bounded_in_number()
    {
        var fixture = new TlsFixture(capacity: 16);
        for (var i = 1UL; i <= 100; i++)
        {
            fixture.OnSocket(i, SocketDirection.Received, TlsFixture.Hello((byte)i));
            fixture.Serve(1000 + i, "/", random: TlsFixture.Random((byte)i));
        }

        Assert.Equal(100, fixture.Spans.Count);
        Assert.InRange(fixture.Tls.Count, 1, 16);
        Assert.Equal(2 * (100 - 16), fixture.Tls.Counters.Evicted);
    }

    [Fact]
    public void The_end_of_the_socket_ends_a_response_of_unknown_length()
    {
        Greet(Socket, 1);
        Answer(Session, "/until-close", "HTTP/1.1 200 OK\r\n\r\ncontent");
        _fixture.OnSocketEnd(Socket);
        // What has been received may be decrypted after the end of the socket.
        _fixture.OnPlaintext(Session, SocketDirection.Sent, "more", random: TlsFixture.Random(1));
        Assert.Empty(_fixture.Spans);
        _fixture.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([200], _fixture.Spans.Select(static span => span.Status));
        Assert.Equal(0, _fixture.Tls.Count);
    }

    [Fact]
    public void The_end_of_the_session_ends_a_response_of_unknown_length()
    {
        Greet(Socket, 1);
        Answer(Session, "/until-free", "HTTP/1.1 200 OK\r\n\r\ncontent");
        _fixture.OnSessionEnd(Session);
        _fixture.OnSocketEnd(Socket);
        _fixture.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([200], _fixture.Spans.Select(static span => span.Status));
        Assert.Equal((1, 0, 0), Unseen());
    }

    [Fact]
    public void A_write_that_is_told_after_the_end_of_the_session_is_paired_with_its_answer()
    {
        Greet(Socket, 1);
        _fixture.Expect(Session, SocketDirection.Sent, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n".Length);
        _fixture.OnPlaintext(Session, SocketDirection.Received, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", random: TlsFixture.Random(1));
        _fixture.OnSessionEnd(Session);
        _fixture.OnPlaintext(Session, SocketDirection.Sent, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n", random: TlsFixture.Random(1));
        Assert.Equal([(SpanKind.Client, "/late", TlsFixture.Port(Socket), true, 200)], _fixture.Spans);
    }

    [Fact]
    public void What_was_received_before_the_end_of_the_socket_is_seen_when_it_is_decrypted_after_it()
    {
        Greet(Socket, 1);
        _fixture.OnSocketEnd(Socket, SocketEnd.Reset);
        _fixture.OnPlaintext(Session, SocketDirection.Received, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n", random: TlsFixture.Random(1));
        _fixture.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([(SpanKind.Server, "/late", TlsFixture.Port(Socket), true, null)], _fixture.Spans);
        Assert.Equal((1, 0, 0), Unseen());
        Assert.Equal(0, _fixture.Tls.Count);
    }

    [Fact]
    public void A_session_that_used_the_socket_inside_its_calls_has_no_more_input_than_it()
    {
        _fixture.OnPlaintext(Session, SocketDirection.Sent, "GET /nested HTTP/1.1\r\nHost: a\r\n\r\n", Socket);
        _fixture.OnPlaintext(Session, SocketDirection.Received, "HTTP/1.1 200 OK\r\n\r\ncontent", Socket);
        _fixture.OnSocketEnd(Socket, SocketEnd.EndOfInput);
        Assert.Equal([200], _fixture.Spans.Select(static span => span.Status));
    }

    [Fact]
    public void Connections_of_a_process_without_a_known_library_are_counted_and_ignored()
    {
        _fixture.Coverage = TlsCoverage.None;
        Greet(Socket, 1);
        Assert.Equal((0, 1, 0), Unseen());
        Assert.Contains(Socket, _fixture.Ignored);
    }

    [Fact]
    public void A_process_that_may_still_load_its_library_is_given_time()
    {
        _fixture.Coverage = TlsCoverage.Pending;
        Greet(Socket, 1);
        Assert.Empty(_fixture.Ignored);
        _fixture.Coverage = TlsCoverage.Covered;
        _fixture.Serve(Session, "/a", random: TlsFixture.Random(1));
        Assert.Single(_fixture.Spans);
    }

    [Fact]
    public void A_connection_that_ends_without_plaintext_is_counted()
    {
        Greet(Socket, 1);
        _fixture.OnSocketEnd(Socket);
        _fixture.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal((0, 0, 1), Unseen());
    }

    [Fact]
    public void TLS_inside_of_TLS_is_no_connection_of_its_own()
    {
        Greet(Socket, 1);
        _fixture.OnPlaintext(Session, SocketDirection.Received, "\x16\x03\x01\x00\x64\x01", random: TlsFixture.Random(1));
        Assert.Contains(Session | TlsFixture.SessionBit, _fixture.Ignored);
        Assert.Equal(1, _fixture.Tls.Counters.Connections);
    }

    private void Greet(ulong socket, byte seed) => _fixture.OnSocket(socket, SocketDirection.Received, TlsFixture.Hello(seed));

    private void Answer(ulong session, string path, string response)
    {
        _fixture.OnPlaintext(session, SocketDirection.Received, $"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n", random: TlsFixture.Random(1));
        _fixture.OnPlaintext(session, SocketDirection.Sent, response, random: TlsFixture.Random(1));
    }

    private (long Tied, long WithoutSource, long WithoutPlaintext) Unseen() =>
        (_fixture.Tls.Counters.Tied, _fixture.Tls.Counters.WithoutSource, _fixture.Tls.Counters.WithoutPlaintext);
}
