using System.Globalization;

namespace Beyla.Metrics;

/// <summary>Options of <see cref="RedStore"/>. Read once, by its constructor.</summary>
public sealed class RedOptions
{
    // The scrape reads a histogram into a stack buffer of this size.
    internal const int MaxBuckets = 256;

    internal const int MaxExponentialBuckets = 1024;

    // Methods are looked up by a scan, which a long list would make slow.
    private const int MaxMethods = 64;

    private static IReadOnlyList<double> DefaultSizeBuckets => [0, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

    /// <summary>Upper bounds of duration histograms in seconds, rising; a bucket for everything above is implied.</summary>
    public IReadOnlyList<double> DurationBuckets { get; set; } =
        [0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Upper bounds of the histograms of request sizes in bytes, rising; a bucket for everything above is implied.</summary>
    public IReadOnlyList<double> RequestSizeBuckets { get; set; } = DefaultSizeBuckets;

    /// <summary>Upper bounds of the histograms of response sizes in bytes, rising; a bucket for everything above is implied.</summary>
    public IReadOnlyList<double> ResponseSizeBuckets { get; set; } = DefaultSizeBuckets;

    /// <summary>A series that was not recorded to for longer than this disappears. <see cref="TimeSpan.Zero"/>: never. Default 5 minutes.</summary>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the series of a service stay readable after its last process is gone, so that the last requests
    /// are still scraped. Default 5 minutes.</summary>
    public TimeSpan RetiredGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most series of one metric of one service; further attribute combinations share one overflow series. Default 2000.</summary>
    public int MaxSeriesPerService { get; set; } = 2000;

    /// <summary>Most services kept for <see cref="RetiredGrace"/>; the longest gone go first. Bounds memory under process churn. Default 256.</summary>
    public int MaxRetiredServices { get; set; } = 256;

    /// <summary>HTTP methods that are reported as they are (case-sensitive); all others become <c>_OTHER</c>.
    /// Default: RFC 9110 §9 and PATCH of RFC 5789.</summary>
    public IReadOnlyList<string> KnownHttpMethods { get; set; } =
        ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE"];

    /// <summary>Which exchanges become exemplars: the latest one of each bucket is kept. Default: none.</summary>
    public ExemplarFilter ExemplarFilter { get; set; }

    /// <summary>Whether every histogram is kept in buckets of exponential width, too (OpenTelemetry metrics data model,
    /// "ExponentialHistogram"). Default <see langword="false"/>.</summary>
    public bool ExponentialHistograms { get; set; }

    /// <summary>Most buckets of an exponential histogram; values further apart make the buckets wider. Default 160.</summary>
    public int ExponentialMaxSize { get; set; } = 160;

    /// <summary>Scale at which exponential histograms begin; the factor between bounds is 2^(2^-scale). Default 20, the finest.</summary>
    public int ExponentialMaxScale { get; set; } = 20;

    internal void Validate(string section, ICollection<string> errors)
    {
        ValidateBuckets(section, nameof(DurationBuckets), DurationBuckets, errors);
        ValidateBuckets(section, nameof(RequestSizeBuckets), RequestSizeBuckets, errors);
        ValidateBuckets(section, nameof(ResponseSizeBuckets), ResponseSizeBuckets, errors);
        ValidateTime(section, nameof(Ttl), Ttl, "5 minutes is the default, zero keeps series for ever", errors);
        ValidateTime(section, nameof(RetiredGrace), RetiredGrace, "5 minutes is the default, zero drops the series with the process", errors);
        ValidateRange(section, nameof(MaxSeriesPerService), MaxSeriesPerService, 1, 1_000_000, errors);
        ValidateRange(section, nameof(MaxRetiredServices), MaxRetiredServices, 0, 1_000_000, errors);
        ValidateMethods(section, errors);
        ValidateRange(section, nameof(ExponentialMaxSize), ExponentialMaxSize, 2, MaxExponentialBuckets, errors);
        ValidateRange(section, nameof(ExponentialMaxScale), ExponentialMaxScale, -10, 20, errors);
        if (!Enum.IsDefined(ExemplarFilter))
        {
            errors.Add($"{section}.{nameof(ExemplarFilter)}: {ExemplarFilter} is not known; use one of {string.Join(", ", Enum.GetNames<ExemplarFilter>())}.");
        }
    }

    private static void ValidateBuckets(string section, string name, IReadOnlyList<double>? bounds, ICollection<string> errors)
    {
        if (bounds is null || bounds.Count is 0 or > MaxBuckets)
        {
            errors.Add($"{section}.{name} has {bounds?.Count ?? 0} bounds: give 1 to {MaxBuckets} numbers, or leave it out for the default.");
            return;
        }

        for (var i = 0; i < bounds.Count; i++)
        {
            var text = bounds[i].ToString(CultureInfo.InvariantCulture);
            if (!double.IsFinite(bounds[i]))
            {
                errors.Add($"{section}.{name}[{i}] is {text}: give finite numbers; the bucket up to infinity is added by itself.");
            }
            else if (i > 0 && bounds[i] <= bounds[i - 1])
            {
                errors.Add($"{section}.{name}[{i}] is {text}, not above the bound before it: list the bounds in rising order, each once.");
            }
        }
    }

    private static void ValidateTime(string section, string name, TimeSpan value, string wayOut, ICollection<string> errors)
    {
        if (value < TimeSpan.Zero)
        {
            errors.Add($"{section}.{name} is {value}: give a time of zero or more ({wayOut}).");
        }
    }

    private static void ValidateRange(string section, string name, int value, int least, int most, ICollection<string> errors)
    {
        if (value < least || value > most)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section}.{name} is {value}: give a number from {least} to {most}."));
        }
    }

    private void ValidateMethods(string section, ICollection<string> errors)
    {
        if (KnownHttpMethods is null || KnownHttpMethods.Count is 0 or > MaxMethods)
        {
            errors.Add($"{section}.{nameof(KnownHttpMethods)} has {KnownHttpMethods?.Count ?? 0} methods: give 1 to {MaxMethods}, or leave it out for the default.");
            return;
        }

        foreach (var method in KnownHttpMethods)
        {
            if (string.IsNullOrEmpty(method) || !method.All(c => c is > ' ' and < (char)127))
            {
                errors.Add($"{section}.{nameof(KnownHttpMethods)} holds '{method}': a method is a word of visible ASCII characters, such as GET.");
            }
        }
    }
}
