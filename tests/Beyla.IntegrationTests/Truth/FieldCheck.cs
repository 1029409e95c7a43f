using System.Globalization;

namespace Beyla.IntegrationTests.Truth;

/// <summary>Compares one request with one observation of it, field by field.</summary>
internal sealed class FieldCheck(ComparisonOptions options)
{
    private readonly long _innerTolerance = (long)options.InnerTolerance.TotalNanoseconds;
    private readonly long _outerTolerance = (long)options.OuterTolerance.TotalNanoseconds;

    public ComparisonResult Result { get; } = new();

    /// <summary>How many of the fields that tell requests apart differ.</summary>
    public int Differences(TruthRecord expected, Observation observed)
    {
        var count = 0;
        foreach (var (field, right, value) in Values(expected, observed))
        {
            if (Judge(expected, field, right, value) == Verdict.Wrong)
            {
                count++;
            }
        }

        return count;
    }

    public void Record(TruthRecord expected, Observation observed)
    {
        foreach (var (field, right, value) in Values(expected, observed))
        {
            switch (Judge(expected, field, right, value))
            {
                case Verdict.Wrong:
                    Wrong(field, expected, observed, $"{right} expected, {value?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} observed");
                    break;
                case Verdict.Unknown:
                    Result.Unknown[field] = Result.Unknown.GetValueOrDefault(field) + 1;
                    break;
            }
        }

        if (expected.Inner is { } inner)
        {
            CheckInner(expected, observed, inner);
        }

        if (expected.Outer is { } outer)
        {
            CheckOuter(expected, observed, outer);
        }
    }

    private static IEnumerable<(TruthField Field, ByteRange? Right, long? Value)> Values(TruthRecord expected, Observation observed) =>
    [
        (TruthField.Status, expected.Status is { } status ? new ByteRange(status, status) : null, observed.Status),
        (TruthField.RequestBytes, expected.RequestBytes, observed.RequestBytes),
        (TruthField.ResponseBytes, expected.ResponseBytes, observed.ResponseBytes),
        // A log without ports is no worse for that; a span always has one.
        (TruthField.SourcePort, expected.SourcePort is { } port && observed.SourcePort is not null ? new ByteRange(port, port) : null, observed.SourcePort),
    ];

    private Verdict Judge(TruthRecord expected, TruthField field, ByteRange? right, long? value) => (right, value) switch
    {
        (null, _) => Verdict.Right,
        ({ } range, { } known) => range.Contains(known) ? Verdict.Right : Verdict.Wrong,
        _ => expected.Aborted || options.MayBeUnknown.ContainsKey(field) ? Verdict.Unknown : Verdict.Wrong,
    };

    private void CheckInner(TruthRecord expected, Observation observed, TimeRange inner)
    {
        var lead = inner.Start - observed.Time.Start;
        Result.StartLead.Add(lead);
        if (lead < -_innerTolerance)
        {
            Wrong(TruthField.Start, expected, observed, $"{-lead / 1000} µs after the handler's start");
        }

        // The handler of a broken exchange may go on when the connection is long gone.
        if (expected.Aborted)
        {
            return;
        }

        var lag = observed.Time.End - inner.End;
        Result.EndLag.Add(lag);
        if (lag < -_innerTolerance)
        {
            Wrong(TruthField.End, expected, observed, $"{-lag / 1000} µs before the handler's end");
        }
    }

    private void CheckOuter(TruthRecord expected, Observation observed, TimeRange outer)
    {
        var start = observed.Time.Start - outer.Start;
        Result.OuterStart.Add(start);
        if (start < -_outerTolerance)
        {
            Wrong(TruthField.Start, expected, observed, $"{-start / 1000} µs before the client's first byte");
        }

        if (expected.Aborted)
        {
            return;
        }

        var end = outer.End - observed.Time.End;
        Result.OuterEnd.Add(end);
        if (end < -_outerTolerance)
        {
            Wrong(TruthField.End, expected, observed, $"{-end / 1000} µs after the client's last byte");
        }
    }

    private void Wrong(TruthField field, TruthRecord expected, Observation observed, string detail) =>
        Result.Mismatched.Add(new Mismatch(field, expected, observed, detail));

    private enum Verdict
    {
        Right,
        Wrong,
        Unknown,
    }
}
