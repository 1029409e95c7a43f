namespace Beyla.Core.Tests.Protocols.Http1;

/// <param name="Method">Request method.</param>
/// <param name="Request">Content of the request.</param>
/// <param name="Response">Content of the response; left out where the method allows none.</param>
/// <param name="HasInterim">Whether an interim response comes first.</param>
/// <param name="IsPipelined">Whether the next request is sent without waiting for this response.</param>
internal sealed record TrueExchange(string Method, TrueBody Request, TrueBody Response, bool HasInterim, bool IsPipelined);
