using System.Globalization;
using Beyla.Exporters.Otlp.Encoding;
using Microsoft.Extensions.Logging;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>
/// Sends one request until it is taken, refused for good or has been tried for long enough, with pauses that double and
/// are cut by a random part, so that agents which lost one collector do not come back all at once. One request at a time.
/// </summary>
internal sealed class OtlpSender(OtlpClient client, OtlpConnection connection, OtlpExporterOptions options, OtlpAccount account, ILogger logger, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private DateTimeOffset _retryTold;
    private DateTimeOffset _dropTold;
    private bool _isFailing;

    // Why requests fail at present, and how many drops the log has told of.
    private string? _failure;
    private long _toldDrops;

    public void Dispose() => client.Dispose();

    /// <param name="request">The encoded request.</param>
    /// <param name="hurry">The end is near: pauses are cut short, and what then fails is not tried again.</param>
    /// <param name="giveUp">The time is over: the items are dropped.</param>
    /// <returns>Whether the collector has taken the request.</returns>
    internal async Task<bool> SendAsync(EncodedRequest request, CancellationToken hurry, CancellationToken giveUp)
    {
        var items = request.Items;
        var began = timeProvider.GetTimestamp();
        var pause = options.RetryInitialInterval;
        try
        {
            var message = client.Prepare(request.Body);
            while (true)
            {
                account.CountRequest(request.Body.Length);
                var isLast = hurry.IsCancellationRequested;
                var answer = await client.SendAsync(message, giveUp).ConfigureAwait(false);
                if (answer.Outcome == OtlpOutcome.Accepted)
                {
                    Accept(items, answer);
                    return true;
                }

                account.CountFailure(answer.Error);
                _failure = answer.Explanation;
                if (answer.Outcome == OtlpOutcome.Rejected)
                {
                    TellDrop(items, "", answer.Explanation);
                    account.CountRejected(items);
                    return false;
                }

                if (isLast)
                {
                    TellDrop(items, " at the end", answer.Explanation);
                    account.CountShutdown(items);
                    return false;
                }

                // No pause at all is asked for by collectors too; who is asked by many comes back too soon.
                var wait = answer.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : Jittered(pause);
                if (timeProvider.GetElapsedTime(began) + wait > options.RetryMaxElapsedTime)
                {
                    TellDrop(items, string.Create(CultureInfo.InvariantCulture, $" after {timeProvider.GetElapsedTime(began).TotalSeconds:0.#} s"), answer.Explanation);
                    account.CountRetriesExhausted(items);
                    return false;
                }

                TellRetry(answer.Explanation);
                await Task.Delay(wait, timeProvider, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.RetryMaxInterval.Ticks));
            }
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            _failure ??= "no answer came before the shutdown timeout; raise it, or look at what holds up the collector";
            account.CountShutdown(items);
            return false;
        }
    }

    /// <summary>Tells what was dropped without a line of its own in the log. For the end, when nobody can ask for the account any more.</summary>
    internal void TellEnd()
    {
        var untold = account.Dropped - _toldDrops;
        if (untold > 0)
        {
            var more = _toldDrops > 0 ? " more" : "";
            _toldDrops += untold;
            OtlpLog.EndedWithDrops(logger, connection.Signal.Name, connection.Target, untold, more, _failure is null ? "" : $": {_failure}", account.ExplainDrops());
        }
    }

    // Between half and the whole of the pause: spread enough, and never a rush.
    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + (Random.Shared.NextDouble() / 2));

    private void Accept(long items, OtlpAnswer answer)
    {
        var rejected = Math.Min(items, answer.RejectedItems);
        if (rejected > 0)
        {
            TellDrop(rejected, "", $"the collector took the rest of the request but not these: {answer.Explanation}");
            account.CountRejected(rejected);
        }

        account.CountExported(items - rejected);
        _failure = null;
        if (_isFailing)
        {
            _isFailing = false;
            _retryTold = default;
            OtlpLog.Recovered(logger, connection.Signal.Name, connection.Target);
        }
    }

    private void TellRetry(string explanation)
    {
        _isFailing = true;
        if (IsDue(ref _retryTold))
        {
            OtlpLog.Retrying(logger, connection.Signal.Name, connection.Target, explanation, account.Queued);
        }
    }

    private void TellDrop(long items, string when, string explanation)
    {
        if (IsDue(ref _dropTold))
        {
            _toldDrops = account.Dropped + items;
            OtlpLog.Dropped(logger, connection.Signal.Name, connection.Target, items, when, explanation, _toldDrops);
        }
    }

    private bool IsDue(ref DateTimeOffset told)
    {
        var now = timeProvider.GetUtcNow();
        if (now - told < LogInterval)
        {
            return false;
        }

        told = now;
        return true;
    }
}
