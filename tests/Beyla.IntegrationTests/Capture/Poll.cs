namespace Beyla.IntegrationTests.Capture;

/// <summary>Waits for what must become true.</summary>
internal static class Poll
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <param name="holds">Looked at again and again.</param>
    /// <param name="describe">What to say when it did not become true in time.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">It did not become true.</exception>
    public static Task UntilAsync(Func<bool> holds, Func<string> describe, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(holds()), describe, cancellationToken);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string}, CancellationToken)"/>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> describe, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (!await holds())
        {
            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException(describe());
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }
}
