using System.Globalization;
using System.Text;

namespace Beyla.IntegrationTests.Load;

/// <summary>One request to be made and how it is to be answered.</summary>
internal sealed record ExchangePlan
{
    public required int Id { get; init; }

    /// <summary><see cref="Id"/> as the logs spell it.</summary>
    public string Key => Id.ToString(CultureInfo.InvariantCulture);

    public string Method { get; init; } = "GET";

    /// <summary>Without query.</summary>
    public required string Path { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>Content the server is asked for; what it sends is less for HEAD, 204 and 304.</summary>
    public int ResponseBytes { get; init; }

    public ResponseFraming ResponseFraming { get; init; }

    public int RequestBytes { get; init; }

    public RequestFraming RequestFraming { get; init; }

    /// <summary>1.0 rather than 1.1.</summary>
    public bool Http10 { get; init; }

    /// <summary>The request carries <c>Connection: close</c>.</summary>
    public bool ClientCloses { get; init; }

    /// <summary>The server is asked to end the connection.</summary>
    public bool ServerCloses { get; init; }

    public bool ExpectContinue { get; init; }

    public bool EarlyResponse { get; init; }

    public TimeSpan Delay { get; init; }

    /// <summary>Bytes of header fields beyond the necessary.</summary>
    public int HeaderPadding { get; init; }

    /// <summary>In how many pieces the head is written.</summary>
    public int HeadPieces { get; init; } = 1;

    /// <summary>In how many pieces, with pauses, the content is written.</summary>
    public int BodyPieces { get; init; } = 1;

    public ClientFault Fault { get; init; }

    /// <summary>Content bytes after which a <see cref="ClientFault"/> happens.</summary>
    public int FaultAfter { get; init; }

    /// <summary>Whether the answer has no content whatever its size field says (RFC 9110 §6.4.1).</summary>
    public bool HasNoContent => Method == "HEAD" || Status is 204 or 304;

    /// <summary>Content the server really sends.</summary>
    public int ContentBytes => HasNoContent ? 0 : ResponseBytes;

    /// <summary>Whether no further request can follow on the connection.</summary>
    public bool EndsConnection => ClientCloses || ServerCloses || Http10 || Fault != ClientFault.None;

    /// <summary>Path and query as they are sent.</summary>
    public string Target
    {
        get
        {
            var target = new StringBuilder(Path);
            target.Append(CultureInfo.InvariantCulture, $"?size={ResponseBytes}&id={Id}");
            if (ResponseFraming != ResponseFraming.ContentLength)
            {
                target.Append("&chunked=1");
            }

            if (Delay > TimeSpan.Zero)
            {
                target.Append(CultureInfo.InvariantCulture, $"&delay_ms={Delay.TotalMilliseconds:F0}");
            }

            if (ServerCloses)
            {
                target.Append("&close=1");
            }

            if (EarlyResponse)
            {
                target.Append("&early=1");
            }

            return target.ToString();
        }
    }
}
