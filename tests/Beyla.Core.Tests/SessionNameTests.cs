namespace Beyla.Core.Tests;

public sealed class SessionNameTests
{
    [Fact]
    public void Living_sessions_never_share_a_name()
    {
        var wanted = Guid.NewGuid().ToString();
        using var first = SessionName.Take(wanted);
        var second = SessionName.Take(wanted);
        using var third = SessionName.Take(wanted);
        Assert.Equal([wanted, $"{wanted}#2", $"{wanted}#3"], [first.Value, second.Value, third.Value]);
        second.Dispose();
        using var next = SessionName.Take(wanted);
        Assert.Equal($"{wanted}#2", next.Value);
        second.Dispose();
        using var fourth = SessionName.Take(wanted);
        Assert.Equal($"{wanted}#4", fourth.Value);
    }
}
