namespace FastLog.Coordination;

/// <summary>Who sent a request, as groups keep and show it.</summary>
/// <param name="ClientId">The client id of the request's header; empty when it has none.</param>
/// <param name="ClientHost">Where the client is: its address after a slash, as Kafka writes it.</param>
/// <param name="ApiVersion">The version of the request.</param>
public readonly record struct RequestOrigin(string ClientId, string ClientHost, short ApiVersion);
