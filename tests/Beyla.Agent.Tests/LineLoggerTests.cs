using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Agent.Tests;

public sealed class LineLoggerTests : IDisposable
{
    private readonly StringWriter _output = new();

    [Fact]
    public void An_event_is_one_line_of_time_level_category_number_and_text()
    {
        Logger(LogLevel.Information).Log(LogLevel.Warning, new EventId(42), "a\r\nb\u001b[2J", new IOException("c\nd"), (state, _) => state);
        Assert.Equal("2000-01-01 00:00:00.000 WARN Reader[42] a; b?[2J: c; d" + Environment.NewLine, _output.ToString());
    }

    [Fact]
    public void A_cause_does_not_hang_on_the_advice_before_it()
    {
        Logger(LogLevel.Information).Log(LogLevel.Error, 1, "the port is in use. Choose another.", new IOException("the port is in use.", new IOException("EADDRINUSE")), (state, _) => state);
        Assert.EndsWith("Reader[1] the port is in use. Choose another. Cause: EADDRINUSE" + Environment.NewLine, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_is_shown_to_those_who_debug()
    {
        Logger(LogLevel.Debug).Log(LogLevel.Error, 1, "a", new IOException("b"), (state, _) => state);
        Assert.Contains("System.IO.IOException: b", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_below_the_level_is_left_out()
    {
        Logger(LogLevel.Warning).Log(LogLevel.Information, 1, "a", null, (state, _) => state);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void In_JSON_an_event_is_one_line_with_the_same_content()
    {
        Logger(LogLevel.Information, LogFormat.Json).Log(LogLevel.Warning, new EventId(42), "a\n\"b\"", new IOException("c"), (state, _) => state);
        Assert.Equal(
            """{"time":"2000-01-01T00:00:00+00:00","level":"WARN","msg":"a\n\u0022b\u0022: c","component":"Reader","event":42}""" + Environment.NewLine, _output.ToString());
    }

    public void Dispose() => _output.Dispose();

    private ILogger Logger(LogLevel minimum, LogFormat format = LogFormat.Text)
    {
        var time = new FakeTimeProvider();
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        return new LineLoggerProvider(_output, time, minimum, format).CreateLogger("Beyla.Capture.Reader");
    }
}
