using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>A member of a classic group.</summary>
public sealed class ClassicMember
{
    internal ClassicMember(ClassicMemberData data)
    {
        Id = data.Id;
        InstanceId = data.InstanceId;
        ClientId = data.ClientId;
        ClientHost = data.ClientHost;
        RebalanceTimeoutMs = data.RebalanceTimeoutMs;
        SessionTimeoutMs = data.SessionTimeoutMs;
        Protocols = data.Protocols;
        Assignment = data.Assignment;
    }

    /// <summary>Its id, given by the coordinator.</summary>
    public string Id { get; }

    /// <summary>The name of a static member (KIP-345); null for a dynamic one.</summary>
    public string? InstanceId { get; }

    /// <summary>The client id of its first JoinGroup.</summary>
    public string ClientId { get; }

    /// <summary>Where it was then: an address after a slash.</summary>
    public string ClientHost { get; }

    /// <summary>How long a rebalance waits for it, in milliseconds.</summary>
    public int RebalanceTimeoutMs { get; internal set; }

    /// <summary>How long it may be silent, in milliseconds.</summary>
    public int SessionTimeoutMs { get; internal set; }

    /// <summary>
    /// What it supports, its favourite first; no name twice. After the group was loaded only the one that was selected, as
    /// no other is stored.
    /// </summary>
    public IReadOnlyList<ClassicMemberProtocol> Protocols { get; internal set; }

    /// <summary>Its part of what the leader assigned; empty before.</summary>
    public ReadOnlyMemory<byte> Assignment { get; internal set; }

    /// <summary>The JoinGroup that waits for the next generation.</summary>
    internal Waiting<JoinGroupResponse>? Join { get; set; }

    /// <summary>The SyncGroup that waits for the leader's.</summary>
    internal Waiting<SyncGroupResponse>? Sync { get; set; }

    /// <summary>Whether it was in no generation yet: it cannot send heartbeats, as it waits for its member id.</summary>
    internal bool IsNew { get; set; }

    /// <summary>Whether it has not asked for its assignment of this generation.</summary>
    internal bool IsSyncPending { get; set; }

    /// <summary>When it counts as gone.</summary>
    internal Deadline? Session { get; set; }

    /// <summary>Whether a request of its waits here: it cannot send a heartbeat then, and shows that it lives without.</summary>
    internal bool IsExcused => !IsNew && (Join is not null || Sync is not null);

    /// <summary>
    /// What it subscribes to: what it says to the group's protocol, or to the one that it likes best when none has been
    /// agreed on since it came.
    /// </summary>
    /// <param name="protocolName">Name of the group's protocol, or null.</param>
    internal ReadOnlyMemory<byte> SubscriptionFor(string? protocolName)
    {
        var said = MetadataFor(protocolName);
        return said.IsEmpty && Protocols.Count > 0 ? Protocols[0].Metadata : said;
    }

    /// <summary>What it says to a protocol; empty for one that it does not support.</summary>
    /// <param name="protocolName">Name of the protocol.</param>
    public ReadOnlyMemory<byte> MetadataFor(string? protocolName)
    {
        foreach (var protocol in Protocols)
        {
            if (protocol.Name == protocolName)
            {
                return protocol.Metadata;
            }
        }

        return default;
    }

    /// <summary>All that may be stored of it.</summary>
    public ClassicMemberData ToData() => new(
        Id, InstanceId, ClientId, ClientHost, RebalanceTimeoutMs, SessionTimeoutMs, Protocols, Assignment);
}

/// <summary>A member of a classic group as it is handed from one kind of group to the other.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">The name of a static member, or null.</param>
/// <param name="ClientId">Its client id.</param>
/// <param name="ClientHost">Its address after a slash.</param>
/// <param name="RebalanceTimeoutMs">How long a rebalance waits for it, in milliseconds.</param>
/// <param name="SessionTimeoutMs">How long it may be silent, in milliseconds.</param>
/// <param name="Protocols">What it supports, its favourite first; no name twice.</param>
/// <param name="Assignment">Its assignment in the bytes that the member understands.</param>
public sealed record ClassicMemberData(
    string Id,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    int RebalanceTimeoutMs,
    int SessionTimeoutMs,
    IReadOnlyList<ClassicMemberProtocol> Protocols,
    ReadOnlyMemory<byte> Assignment);

/// <summary>A request that is answered in a later turn.</summary>
/// <param name="Reply">Takes the answer.</param>
/// <param name="Version">The version of the request, and so of the answer.</param>
internal readonly record struct Waiting<TResponse>(Action<TResponse> Reply, short Version);
