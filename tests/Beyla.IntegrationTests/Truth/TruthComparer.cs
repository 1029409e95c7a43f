using System.Runtime.InteropServices;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Truth;

/// <summary>
/// Holds observations against the truth: every request is observed exactly once, nothing else is observed, every field is right,
/// and every observation lies between what the client and what the handler saw.
/// </summary>
internal static class TruthComparer
{
    /// <param name="expected">What happened.</param>
    /// <param name="observed">What the product says of it.</param>
    /// <param name="toMonotonic">Nanoseconds since the Unix epoch to nanoseconds of CLOCK_MONOTONIC.</param>
    /// <param name="options">Which differences are none.</param>
    public static ComparisonResult Compare(
        IReadOnlyList<TruthRecord> expected, IReadOnlyList<HttpSpan> observed, Func<long, long> toMonotonic, ComparisonOptions? options = null) =>
        Compare(expected, [.. observed.Select(span => Observation.Of(span, toMonotonic))], options);

    /// <param name="expected">What happened; requests of one connection in their order.</param>
    /// <param name="observed">What somebody saw of it, in any order.</param>
    /// <param name="options">Which differences are none.</param>
    public static ComparisonResult Compare(
        IReadOnlyList<TruthRecord> expected, IReadOnlyList<Observation> observed, ComparisonOptions? options = null)
    {
        var check = new FieldCheck(options ?? new ComparisonOptions());
        var pairs = Pair(expected, observed, check);
        foreach (var pair in pairs)
        {
            check.Record(pair.Expected, pair.Observed);
        }

        CheckOrder(pairs, check.Result);
        check.Result.Paired = pairs.Count;
        return check.Result;
    }

    private static List<(TruthRecord Expected, Observation Observed)> Pair(
        IReadOnlyList<TruthRecord> expected, IReadOnlyList<Observation> observed, FieldCheck check)
    {
        var groups = new Dictionary<(string, string), (List<TruthRecord> Expected, List<Observation> Observed)>();
        foreach (var record in expected)
        {
            GroupOf(groups, record.Method, record.Path).Expected.Add(record);
        }

        foreach (var observation in observed)
        {
            GroupOf(groups, observation.Method, observation.Path).Observed.Add(observation);
        }

        var pairs = new List<(TruthRecord, Observation)>();
        foreach (var group in groups.Values)
        {
            PairGroup(group.Expected, group.Observed, check, pairs);
        }

        return pairs;
    }

    private static (List<TruthRecord> Expected, List<Observation> Observed) GroupOf(
        Dictionary<(string, string), (List<TruthRecord> Expected, List<Observation> Observed)> groups, string method, string path)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (method, path), out var known);
        if (!known)
        {
            group = ([], []);
        }

        return group;
    }

    /// <summary>Requests of the same method and path are told apart by their other fields: the pair that differs least comes first.</summary>
    private static void PairGroup(
        List<TruthRecord> expected, List<Observation> observed, FieldCheck check, List<(TruthRecord, Observation)> pairs)
    {
        var candidates =
            from e in expected
            from o in observed
            orderby check.Differences(e, o), e.Optional, Distance(e, o)
            select (e, o);
        var expectedLeft = new HashSet<TruthRecord>(expected, ReferenceEqualityComparer.Instance);
        var observedLeft = new HashSet<Observation>(observed, ReferenceEqualityComparer.Instance);
        foreach (var (e, o) in candidates)
        {
            if (expectedLeft.Contains(e) && observedLeft.Remove(o))
            {
                expectedLeft.Remove(e);
                pairs.Add((e, o));
            }
        }

        check.Result.Missing.AddRange(expected.Where(e => !e.Optional && expectedLeft.Contains(e)));
        check.Result.OptionalUnseen += expectedLeft.Count(static e => e.Optional);
        check.Result.Invented.AddRange(observedLeft);
    }

    private static long Distance(TruthRecord expected, Observation observed) =>
        (expected.Outer ?? expected.Inner) is { } time ? Math.Abs(time.Start - observed.Time.Start) : 0;

    private static void CheckOrder(List<(TruthRecord Expected, Observation Observed)> pairs, ComparisonResult result)
    {
        // The requests of a pipelined batch leave the client at the same time: their sequence decides.
        var connections = pairs
            .Where(static p => p.Expected.SourcePort is not null && p.Observed.SourcePort is not null && p.Expected.Outer is not null)
            .GroupBy(static p => p.Expected.SourcePort);
        foreach (var connection in connections)
        {
            (TruthRecord Expected, Observation Observed)? previous = null;
            foreach (var pair in connection.OrderBy(static p => p.Expected.Outer!.Value.Start).ThenBy(static p => p.Expected.Sequence))
            {
                if (previous is { } before && pair.Observed.Time.Start < before.Observed.Time.Start)
                {
                    result.Mismatched.Add(new Mismatch(
                        TruthField.ConnectionOrder, pair.Expected, pair.Observed, $"began before {before.Expected.Path}, which was sent before it"));
                }

                previous = pair;
            }
        }
    }
}
