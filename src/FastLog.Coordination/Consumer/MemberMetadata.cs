using System.Collections.Immutable;

namespace FastLog.Coordination.Consumer;

/// <summary>What a member of a consumer group told about itself. Two that tell the same are equal.</summary>
public sealed record MemberMetadata
{
    /// <summary>Nothing told yet.</summary>
    public static readonly MemberMetadata None = new();

    /// <summary>Name of a static member, or null.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The rack it consumes in, or null.</summary>
    public string? RackId { get; init; }

    /// <summary>The client id of its requests.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Where it is.</summary>
    public string ClientHost { get; init; } = "";

    /// <summary>The topics it subscribes to by name; ascending, each once.</summary>
    public ImmutableArray<string> TopicNames { get; init; } = [];

    /// <summary>The regular expression it subscribes by, in RE2 syntax; null or empty for none.</summary>
    public string? TopicRegex { get; init; }

    /// <summary>How long it may take to give partitions up, in milliseconds.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    /// <summary>The assignor it would like, or null.</summary>
    public string? ServerAssignor { get; init; }

    /// <summary>What only a member of the classic protocol has; null for all others.</summary>
    public ClassicMembership? Classic { get; init; }

    /// <summary>Whether it subscribes by a regular expression.</summary>
    public bool HasRegex => !string.IsNullOrEmpty(TopicRegex);

    /// <summary>Names as they are kept: sorted as Kafka sorts them, by UTF-16 units.</summary>
    /// <param name="names">Names in any order.</param>
    public static ImmutableArray<string> Sort(IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether the other subscribes to the same, so that it may have the same partitions.</summary>
    public bool SubscribesLike(MemberMetadata other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return TopicNames.AsSpan().SequenceEqual(other.TopicNames.AsSpan())
            && (TopicRegex ?? "") == (other.TopicRegex ?? "");
    }

    /// <inheritdoc/>
    public bool Equals(MemberMetadata? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && InstanceId == other.InstanceId
            && RackId == other.RackId
            && ClientId == other.ClientId
            && ClientHost == other.ClientHost
            && TopicNames.AsSpan().SequenceEqual(other.TopicNames.AsSpan())
            && TopicRegex == other.TopicRegex
            && RebalanceTimeoutMs == other.RebalanceTimeoutMs
            && ServerAssignor == other.ServerAssignor
            && Equals(Classic, other.Classic));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InstanceId, ClientId, ClientHost, TopicNames.Length, TopicRegex);
}

/// <summary>What JoinGroup tells of a member beyond what all members tell.</summary>
/// <param name="SessionTimeoutMs">Without a heartbeat for so long it is removed, in milliseconds.</param>
/// <param name="Protocols">The assignors it knows with what it sends to each, in its order; one at least.</param>
public sealed record ClassicMembership(int SessionTimeoutMs, IReadOnlyList<ClassicMemberProtocol> Protocols)
{
    /// <inheritdoc/>
    public bool Equals(ClassicMembership? other) =>
        other is not null && SessionTimeoutMs == other.SessionTimeoutMs
        && ClassicMemberProtocol.AreSame(Protocols, other.Protocols);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SessionTimeoutMs, Protocols.Count);
}
