namespace Beyla.Attributes;

/// <summary>An attribute of spans and of filters.</summary>
/// <param name="Name">Name by the OpenTelemetry semantic conventions.</param>
/// <param name="Filter">How an exchange tells its value; <see langword="null"/> when it can't be filtered by.</param>
/// <param name="IsOnSpans">Whether spans carry it; the others belong to the service.</param>
/// <param name="IsOptional">Whether spans carry it only when asked to.</param>
/// <param name="IsInteger">Whether its values are integers.</param>
internal sealed record KnownAttribute(string Name, ExchangeAttribute? Filter = null, bool IsOnSpans = true, bool IsOptional = false, bool IsInteger = false);
