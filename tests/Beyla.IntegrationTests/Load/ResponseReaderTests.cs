using System.Text;

namespace Beyla.IntegrationTests.Load;

/// <summary>The client's truth is only as good as its reader.</summary>
public sealed class ResponseReaderTests
{
    private const string Responses =
        "HTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nfirst"
        + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\none\r\n4\r\nfour\r\n0\r\nTrailer: yes\r\n\r\n"
        + "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"
        + "HTTP/1.0 200 OK\r\n\r\nto the end";

    [Fact]
    public async Task Responses_are_read_alike_wherever_the_stream_is_cut()
    {
        var bytes = Encoding.ASCII.GetBytes(Responses);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal([(100, 0L), (201, 5L), (200, 7L), (304, 0L), (200, 10L)], await ReadAllAsync(new CutStream(bytes, cut)));
        }
    }

    [Fact]
    public async Task A_connection_that_ends_too_early_is_no_answer()
    {
        var reader = new ResponseReader(new MemoryStream("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour"u8.ToArray()));
        var head = await reader.ReadHeadAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadContentAsync(head, false, long.MaxValue, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadHeadAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<List<(int Status, long Content)>> ReadAllAsync(Stream stream)
    {
        var reader = new ResponseReader(stream);
        var read = new List<(int, long)>();
        for (var number = 0; number < 5; number++)
        {
            var head = await reader.ReadHeadAsync(TestContext.Current.CancellationToken);
            var none = head.IsInterim || head.Status == 304;
            read.Add((head.Status, await reader.ReadContentAsync(head, none, long.MaxValue, TestContext.Current.CancellationToken)));
        }

        return read;
    }

    /// <summary>Hands out what is before the cut, then single bytes.</summary>
    private sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Position < cut ? (int)Math.Min(buffer.Length, cut - Position) : 1;
            return ValueTask.FromResult(Read(buffer.Span[..length]));
        }
    }
}
