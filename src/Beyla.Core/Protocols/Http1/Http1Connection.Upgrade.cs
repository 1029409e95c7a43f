namespace Beyla.Protocols.Http1;

/// <summary>How a connection becomes one of HTTP/2: by <c>Upgrade: h2c</c> (RFC 7540 §3.2), or because its client speaks HTTP/2 from the start.</summary>
internal sealed partial class Http1Connection
{
    private bool _isUpgradedToHttp2;

    /// <summary>Bytes of the preface of HTTP/2 that were read as a head.</summary>
    private int _prefaceBytes;

    /// <inheritdoc/>
    /// <remarks>The request that asked for the upgrade is answered in HTTP/2.</remarks>
    public override ProtocolUpgrade? Upgrade
    {
        get
        {
            if (!_isUpgradedToHttp2)
            {
                return null;
            }

            var upgrade = protocol.Upgrade;
            upgrade.Protocol = ProtocolUpgrade.Http2;
            upgrade.Requests = _requests!.Direction;
            upgrade.RequestPosition = _requests.Position;
            upgrade.Taken = _prefaceBytes;
            upgrade.AreResponsesSeen = _responses!.IsSeen;
            upgrade.ResponsePosition = _responses.IsSeen ? _responses.Position : _requests.HeadOpposite;
            upgrade.HasRequest = _queue.Count > 0;
            if (upgrade.HasRequest)
            {
                HandOver(_queue.First, upgrade);
            }

            return upgrade;
        }
    }

    private void HandOver(in PendingRequest request, ProtocolUpgrade upgrade)
    {
        upgrade.Text = _queue.Text;
        upgrade.TextOffset = request.TextOffset;
        upgrade.MethodLength = request.MethodLength;
        upgrade.PathLength = request.PathLength;
        upgrade.HostLength = request.HostLength;
        upgrade.QueryLength = request.QueryLength;
        upgrade.PathTruncated = request.PathTruncated;
        upgrade.TraceParent = request.TraceParent;
        upgrade.ProcessId = request.ProcessId;
        upgrade.StartTime = request.StartTime;
        upgrade.EndTime = request.EndTime;
        upgrade.BodySize = request.BodySize;
    }

    private void OnHttp2Preface(in Http1Head head)
    {
        _prefaceBytes = head.Length;
        BecomeHttp2();
    }

    private void BecomeHttp2()
    {
        _isUpgradedToHttp2 = true;
        Verdict = ProtocolVerdict.Upgraded;
    }
}
