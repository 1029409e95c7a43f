using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Load;

/// <summary>Makes planned requests on one connection.</summary>
internal sealed class ClientExchange(HttpConnection connection, string host, Random random)
{
    /// <summary>One request that nothing else overlaps on its connection.</summary>
    public async Task<TruthRecord> RunAsync(ExchangePlan plan, CancellationToken cancellationToken)
    {
        var image = RequestImage.Build(plan, host, random);
        var start = MonotonicClock.Now;
        switch (plan.Fault)
        {
            case ClientFault.InHead:
                await connection.SendAsync(image.Head.AsMemory(0, Math.Max(1, plan.FaultAfter % image.Head.Length)), cancellationToken);
                connection.Dispose();
                return Aborted(plan, start) with { Optional = true };
            case ClientFault.InRequest:
                await connection.SendAsync(image.Head, cancellationToken);
                await connection.SendAsync(image.Body.AsMemory(0, Math.Min(plan.FaultAfter, image.Body.Length - 1)), cancellationToken);
                connection.Dispose();
                return Aborted(plan, start);
        }

        var sentBefore = await SendAsync(plan, image, cancellationToken);
        var head = await ReadFinalHeadAsync(plan, cancellationToken);
        if (plan.Fault == ClientFault.InResponse)
        {
            await connection.Reader.ReadContentAsync(head, plan.HasNoContent, plan.FaultAfter, cancellationToken);
            connection.Reset();
            return Aborted(plan, start) with { Status = head.Status, RequestBytes = plan.RequestBytes };
        }

        var received = await ReadContentAsync(plan, head, cancellationToken);
        await connection.SendAsync(image.Body.AsMemory(sentBefore), cancellationToken);
        return Complete(plan, head, received, start) with
        {
            // Whoever answers early may count what has come by then or what was announced.
            RequestBytes = plan.EarlyResponse ? new ByteRange(Math.Min(sentBefore, plan.RequestBytes), plan.RequestBytes) : plan.RequestBytes,
        };
    }

    /// <summary>Several requests in one write; the answers come in the same order (RFC 9112 §9.3.2).</summary>
    public async Task<IReadOnlyList<TruthRecord>> RunPipelineAsync(IReadOnlyList<ExchangePlan> plans, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        foreach (var plan in plans)
        {
            var image = RequestImage.Build(plan, host, random);
            all.Write(image.Head);
            all.Write(image.Body);
        }

        var start = MonotonicClock.Now;
        await connection.SendInPiecesAsync(all.ToArray(), random.Next(1, 3), random, cancellationToken);
        var records = new List<TruthRecord>(plans.Count);
        foreach (var plan in plans)
        {
            var head = await ReadFinalHeadAsync(plan, cancellationToken);
            records.Add(Complete(plan, head, await ReadContentAsync(plan, head, cancellationToken), start));
        }

        return records;
    }

    /// <returns>How many bytes of the framed body have been sent.</returns>
    private async Task<int> SendAsync(ExchangePlan plan, RequestImage image, CancellationToken cancellationToken)
    {
        if (plan.HeadPieces > 1 || plan.BodyPieces > 1 || plan.ExpectContinue || plan.EarlyResponse || plan.RequestBytes > 64 * 1024)
        {
            await connection.SendInPiecesAsync(image.Head, plan.HeadPieces, random, cancellationToken);
            if (plan.ExpectContinue)
            {
                await ReadContinueAsync(plan, cancellationToken);
            }

            var length = plan.EarlyResponse ? image.Body.Length / 2 : image.Body.Length;
            if (length > 0)
            {
                await connection.SendInPiecesAsync(image.Body.AsMemory(0, length), plan.BodyPieces, random, cancellationToken);
            }

            return length;
        }

        // Small requests go out as most clients send them: head and content in one piece.
        byte[] whole = [.. image.Head, .. image.Body];
        await connection.SendAsync(whole, cancellationToken);
        return image.Body.Length;
    }

    private async Task ReadContinueAsync(ExchangePlan plan, CancellationToken cancellationToken)
    {
        var head = await connection.Reader.ReadHeadAsync(cancellationToken);
        if (head.Status != 100)
        {
            throw new LoadException(plan, $"status {head.Status} instead of 100");
        }
    }

    private async Task<ResponseHead> ReadFinalHeadAsync(ExchangePlan plan, CancellationToken cancellationToken)
    {
        ResponseHead head;
        do
        {
            head = await connection.Reader.ReadHeadAsync(cancellationToken);
        }
        while (head.IsInterim);

        return head.Status == plan.Status ? head : throw new LoadException(plan, $"status {head.Status}");
    }

    private async Task<long> ReadContentAsync(ExchangePlan plan, ResponseHead head, CancellationToken cancellationToken)
    {
        var received = await connection.Reader.ReadContentAsync(head, plan.HasNoContent, long.MaxValue, cancellationToken);
        if (received != plan.ContentBytes)
        {
            throw new LoadException(plan, $"{received} bytes of content");
        }

        if (head.Framing != plan.ResponseFraming && !plan.HasNoContent)
        {
            throw new LoadException(plan, $"content framed otherwise: {head}");
        }

        connection.Ending = head.Closes || plan.EndsConnection;
        return received;
    }

    private TruthRecord Complete(ExchangePlan plan, ResponseHead head, long received, long start) => new()
    {
        Id = plan.Key,
        Method = plan.Method,
        Path = plan.Path,
        Status = head.Status,
        RequestBytes = plan.RequestBytes,
        ResponseBytes = received,
        SourcePort = connection.LocalPort,
        Sequence = plan.Id,
        Outer = new TimeRange(start, MonotonicClock.Now),
    };

    private TruthRecord Aborted(ExchangePlan plan, long start)
    {
        connection.Ending = true;
        return new TruthRecord
        {
            Id = plan.Key,
            Method = plan.Method,
            Path = plan.Path,
            RequestBytes = new ByteRange(0, plan.RequestBytes),
            ResponseBytes = new ByteRange(0, plan.ContentBytes),
            SourcePort = connection.LocalPort,
            Sequence = plan.Id,
            Outer = new TimeRange(start, MonotonicClock.Now),
            Aborted = true,
        };
    }
}
