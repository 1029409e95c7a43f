namespace Beyla.IntegrationTests.Fleet;

/// <summary>Ends a test that hangs.</summary>
internal static class TestDeadline
{
    /// <summary>Is cancelled after that time, or when the test is.</summary>
    internal static CancellationTokenSource After(TimeSpan time)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(time);
        return deadline;
    }
}
