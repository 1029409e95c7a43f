using System.Net;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Load;

/// <summary>Plays a mix against a server over raw sockets, or TLS on them, and writes down what really happened.</summary>
internal sealed class LoadDriver(IPEndPoint server, bool isSecure = false)
{
    private readonly string _host = server.ToString();

    /// <summary>Plays all connections of the mix, as many at once as it has workers.</summary>
    /// <returns>The client's truth; requests of one connection in their order.</returns>
    /// <exception cref="LoadException">The server answered otherwise than the plan asks.</exception>
    public async Task<IReadOnlyList<TruthRecord>> RunAsync(LoadMix mix, CancellationToken cancellationToken)
    {
        using var cancelOthers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = mix.Workers.Select((connections, number) => Task.Run(async () =>
        {
            try
            {
                return await RunWorkerAsync(connections, new Random(mix.Seed + number), cancelOthers.Token);
            }
            catch
            {
                await cancelOthers.CancelAsync();
                throw;
            }
        }, cancellationToken)).ToArray();
        try
        {
            return [.. (await Task.WhenAll(workers)).SelectMany(static records => records)];
        }
        catch (OperationCanceledException) when (workers.FirstOrDefault(static w => w.IsFaulted) is { Exception: { } first })
        {
            // The worker that failed says more than those that were stopped for it.
            throw first.InnerException!;
        }
    }

    private async Task<List<TruthRecord>> RunWorkerAsync(
        IReadOnlyList<ConnectionScript> connections, Random random, CancellationToken cancellationToken)
    {
        var records = new List<TruthRecord>();
        foreach (var script in connections)
        {
            await RunConnectionAsync(script, random, records, cancellationToken);
        }

        return records;
    }

    private async Task RunConnectionAsync(
        ConnectionScript script, Random random, List<TruthRecord> records, CancellationToken cancellationToken)
    {
        HttpConnection? connection = null;
        try
        {
            foreach (var batch in script.Batches)
            {
                if (connection is null || connection.Ending)
                {
                    connection?.Dispose();
                    connection = await ConnectAsync(batch[0], cancellationToken);
                }

                var exchange = new ClientExchange(connection, _host, random);
                try
                {
                    records.AddRange(batch.Count == 1
                        ? [await exchange.RunAsync(batch[0], cancellationToken)]
                        : await exchange.RunPipelineAsync(batch, cancellationToken));
                }
                catch (Exception problem) when (problem is IOException or FormatException)
                {
                    throw new LoadException(batch[0], problem.Message, problem);
                }
            }
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private async Task<HttpConnection> ConnectAsync(ExchangePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await HttpConnection.ConnectAsync(server, isSecure, cancellationToken);
        }
        catch (System.Net.Sockets.SocketException problem)
        {
            throw new LoadException(plan, "no connection", problem);
        }
    }
}
