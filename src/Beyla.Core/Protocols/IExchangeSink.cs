namespace Beyla.Protocols;

/// <summary>Takes finished exchanges from the protocol trackers, on the reader's thread.</summary>
internal interface IExchangeSink
{
    /// <summary>Takes one exchange. The object and every span it gives out are valid only inside the call; they are reused afterwards.</summary>
    void Emit(Exchange exchange);
}
