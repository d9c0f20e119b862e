using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Requests;

/// <summary>
/// What the broker keeps for one connection: the decoded forms of its hot requests, reused from request to request,
/// and the strings it keeps sending (topic names, client id). Touched by the connection's read loop only.
/// </summary>
internal sealed class ConnectionState(RequestErrors errors)
{
    /// <summary>Where errors that are answered are counted; the same for all connections.</summary>
    public RequestErrors Errors => errors;

    private string? _host;

    /// <summary>Strings seen on this connection, so that a repeated topic name is decoded without allocating.</summary>
    public StringCache Strings { get; } = new();

    /// <summary>What the client says it is (ApiVersions from version 3 on); empty when it does not say.</summary>
    public string SoftwareName { get; set; } = "";

    /// <summary>Its version; empty when it does not say.</summary>
    public string SoftwareVersion { get; set; } = "";

    /// <summary>The produce request being handled; valid until its handler returns.</summary>
    public ProduceRequest Produce { get; } = new();

    /// <summary>The fetch request being handled; valid until its handler returns.</summary>
    public FetchRequest Fetch { get; } = new();

    /// <summary>The offset commit being handled; valid until its handler returns.</summary>
    public OffsetCommitRequest OffsetCommit { get; } = new();

    /// <summary>Where the client is, as Java writes an address without a name: after a slash.</summary>
    public string HostOf(Connection connection)
    {
        if (_host is null)
        {
            var address = connection.RemoteEndPoint.Address;
            _host = "/" + (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        }

        return _host;
    }
}
