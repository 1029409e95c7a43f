namespace Beyla.Metrics;

/// <summary>State of an exponential histogram at one moment, without its counts; <see cref="Size"/> is the number of those.</summary>
internal readonly record struct ExponentialReading(int Scale, long ZeroCount, int Offset, int Size);
