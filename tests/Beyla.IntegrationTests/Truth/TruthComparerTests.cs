using System.Diagnostics;
using System.Net;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Truth;

public sealed class TruthComparerTests
{
    private const long Millisecond = 1_000_000;

    private static readonly TruthRecord Request = new()
    {
        Id = "1",
        Method = "POST",
        Path = "/status/200/1",
        Status = 200,
        RequestBytes = 10,
        ResponseBytes = 20,
        SourcePort = 5000,
        Outer = new TimeRange(100 * Millisecond, 200 * Millisecond),
        Inner = new TimeRange(120 * Millisecond, 180 * Millisecond),
    };

    private static readonly Observation Seen = new()
    {
        Method = "POST",
        Path = "/status/200/1",
        Status = 200,
        RequestBytes = 10,
        ResponseBytes = 20,
        SourcePort = 5000,
        Time = new TimeRange(110 * Millisecond, 190 * Millisecond),
    };

    public static TheoryData<TruthField> ComparedValues => [TruthField.Status, TruthField.RequestBytes, TruthField.ResponseBytes, TruthField.SourcePort];

    public static TheoryData<TruthField> KnowableValues => [TruthField.Status, TruthField.RequestBytes, TruthField.ResponseBytes];

    [Fact]
    public void A_request_observed_as_it_was_is_equal()
    {
        var result = TruthComparer.Compare([Request], [Seen]);
        Assert.True(result.IsEqual, result.ToString());
        Assert.Equal(1, result.Paired);
        Assert.Empty(result.Unknown);
    }

    [Fact]
    public void A_request_that_nobody_observed_is_missing()
    {
        var result = TruthComparer.Compare([Request], []);
        Assert.False(result.IsEqual);
        Assert.Same(Request, Assert.Single(result.Missing));
    }

    [Fact]
    public void An_observation_without_request_is_invented()
    {
        var other = Seen with { Path = "/invented" };
        var result = TruthComparer.Compare([Request], [Seen, other]);
        Assert.False(result.IsEqual);
        Assert.Same(other, Assert.Single(result.Invented));
        Assert.Empty(result.Missing);
    }

    [Fact]
    public void A_request_observed_twice_is_invented_once()
    {
        var result = TruthComparer.Compare([Request], [Seen, Seen with { }]);
        Assert.False(result.IsEqual);
        Assert.Single(result.Invented);
        Assert.Equal(1, result.Paired);
    }

    [Fact]
    public void Another_method_is_another_request()
    {
        var result = TruthComparer.Compare([Request], [Seen with { Method = "PUT" }]);
        Assert.Single(result.Missing);
        Assert.Single(result.Invented);
    }

    [Theory]
    [MemberData(nameof(ComparedValues))]
    public void A_wrong_value_is_a_mismatch(TruthField field)
    {
        var result = TruthComparer.Compare([Request], [With(field, 999)], Forgiving(field));
        Assert.Equal(field, Assert.Single(result.Mismatched).Field);
    }

    [Theory]
    [MemberData(nameof(KnowableValues))]
    public void An_unknown_value_is_a_mismatch_unless_it_may_be_unknown(TruthField field)
    {
        var strict = TruthComparer.Compare([Request], [With(field, null)]);
        Assert.Equal(field, Assert.Single(strict.Mismatched).Field);

        var forgiving = TruthComparer.Compare([Request], [With(field, null)], Forgiving(field));
        Assert.True(forgiving.IsEqual, forgiving.ToString());
        Assert.Equal(1, forgiving.Unknown[field]);
    }

    [Fact]
    public void An_aborted_request_may_leave_values_unknown_but_not_wrong()
    {
        var aborted = Request with { Aborted = true, ResponseBytes = new ByteRange(0, 20) };
        Assert.True(TruthComparer.Compare([aborted], [Seen with { Status = null, ResponseBytes = null }]).IsEqual);
        Assert.True(TruthComparer.Compare([aborted], [Seen with { ResponseBytes = 7 }]).IsEqual);
        Assert.False(TruthComparer.Compare([aborted], [Seen with { ResponseBytes = 21 }]).IsEqual);
    }

    [Fact]
    public void An_optional_request_may_be_observed_once_or_not_at_all()
    {
        var optional = Request with { Optional = true };
        Assert.Equal(1, TruthComparer.Compare([optional], []).OptionalUnseen);
        Assert.True(TruthComparer.Compare([optional], [Seen]).IsEqual);
        Assert.False(TruthComparer.Compare([optional], [Seen, Seen with { }]).IsEqual);
    }

    [Theory]
    [InlineData(121, 190, true)]
    [InlineData(122, 190, false)]
    [InlineData(110, 179, true)]
    [InlineData(110, 178, false)]
    [InlineData(50, 190, true)]
    [InlineData(49, 190, false)]
    [InlineData(110, 250, true)]
    [InlineData(110, 251, false)]
    public void An_observation_lies_between_handler_and_client_but_for_the_tolerances(long start, long end, bool right)
    {
        // The tolerance that is the default follows the load of the machine.
        var options = new ComparisonOptions { OuterTolerance = TimeSpan.FromMilliseconds(50) };
        var result = TruthComparer.Compare([Request], [Seen with { Time = new TimeRange(start * Millisecond, end * Millisecond) }], options);
        Assert.Equal(right, result.IsEqual);
    }

    [Fact]
    public void Requests_of_one_connection_keep_their_order_even_when_they_were_sent_at_once()
    {
        var second = Request with { Id = "2", Path = "/status/200/2", Sequence = 2 };
        var late = Seen with { Path = "/status/200/2", Time = Seen.Time with { Start = Seen.Time.Start + 1 } };
        Assert.True(TruthComparer.Compare([Request, second], [late, Seen]).IsEqual);

        var early = Seen with { Path = "/status/200/2", Time = Seen.Time with { Start = Seen.Time.Start - 1 } };
        var result = TruthComparer.Compare([Request, second], [Seen, early]);
        Assert.Equal(TruthField.ConnectionOrder, Assert.Single(result.Mismatched).Field);
    }

    [Fact]
    public void Requests_of_the_same_path_are_paired_with_what_differs_least()
    {
        var other = Request with { Id = "2", Status = 404, ResponseBytes = 3 };
        var result = TruthComparer.Compare([Request, other], [Seen with { Status = 404, ResponseBytes = 3 }, Seen]);
        Assert.True(result.IsEqual, result.ToString());

        var half = TruthComparer.Compare([Request, other], [Seen with { Status = 404, ResponseBytes = 4 }, Seen]);
        Assert.Equal(("2", TruthField.ResponseBytes), Assert.Single(half.Mismatched.Select(static m => (m.Expected.Id, m.Field))));
    }

    [Fact]
    public void Spans_are_compared_in_the_time_of_the_truth()
    {
        const long Offset = 1_000_000_000_000;
        var span = Span(Offset);
        Assert.True(TruthComparer.Compare([Request], [span], static unix => unix - Offset).IsEqual);
        var shifted = TruthComparer.Compare([Request], [span], static unix => unix - Offset + (60 * Millisecond));
        Assert.Contains(shifted.Mismatched, static m => m.Field == TruthField.Start);
    }

    [Fact]
    public void Percentiles_are_of_the_nearest_rank()
    {
        var errors = new ErrorDistribution();
        foreach (var value in (long[])[5, 1, 4, 2, 3])
        {
            errors.Add(value);
        }

        Assert.Equal((1, 3, 5, 5), (errors.Percentile(0), errors.Percentile(50), errors.Percentile(90), errors.Percentile(100)));
    }

    private static ComparisonOptions Forgiving(TruthField field) =>
        new() { MayBeUnknown = new Dictionary<TruthField, string> { [field] = "the test says so" } };

    private static Observation With(TruthField field, int? value) => field switch
    {
        TruthField.Status => Seen with { Status = value },
        TruthField.RequestBytes => Seen with { RequestBytes = value },
        TruthField.ResponseBytes => Seen with { ResponseBytes = value },
        TruthField.SourcePort => Seen with { SourcePort = value },
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private static HttpSpan Span(long offset) => new()
    {
        Kind = SpanKind.Server,
        Service = new ServiceInfo { Name = "x", InstanceId = "x", ProcessId = 1 },
        StartUnixNanoseconds = Seen.Time.Start + offset,
        DurationNanoseconds = Seen.Time.End - Seen.Time.Start,
        Source = new SocketEndpoint(IPAddress.Loopback.GetAddressBytes(), 5000),
        Destination = new SocketEndpoint(IPAddress.Loopback.GetAddressBytes(), 80),
        TraceId = ActivityTraceId.CreateRandom(),
        SpanId = ActivitySpanId.CreateRandom(),
        End = SpanEnd.Framed,
        Method = "POST",
        Path = "/status/200/1",
        ProtocolVersion = "1.1",
        StatusCode = 200,
        RequestBodySize = 10,
        ResponseBodySize = 20,
    };
}
