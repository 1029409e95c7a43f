using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>Segments of <paramref name="Direction"/> that end before <paramref name="Position"/> tell the parser nothing; the one that reaches it does.</summary>
/// <param name="Direction">The direction that may stay silent.</param>
/// <param name="Position">Stream position modulo 2^32, less than 2^30 ahead.</param>
internal readonly record struct QuietHint(SocketDirection Direction, uint Position);
