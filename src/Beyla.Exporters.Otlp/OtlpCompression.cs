namespace Beyla.Exporters.Otlp;

/// <summary>Compression of what is sent.</summary>
public enum OtlpCompression
{
    /// <summary>None.</summary>
    None,

    /// <summary>gzip.</summary>
    Gzip,
}
