namespace FastLog.Cluster;

/// <summary>Where a broker listens, under one listener's name.</summary>
/// <param name="ListenerName">Name of the listener, as PLAINTEXT.</param>
/// <param name="Host">Host that clients are told.</param>
/// <param name="Port">Port that clients are told, 1 to 65535.</param>
/// <param name="SecurityProtocol">0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record BrokerEndPoint(string ListenerName, string Host, int Port, short SecurityProtocol);

/// <summary>A feature and the levels of it that a broker can work at.</summary>
/// <param name="Name">Name of the feature, as metadata.version.</param>
/// <param name="MinLevel">Lowest level supported.</param>
/// <param name="MaxLevel">Highest level supported.</param>
public sealed record SupportedFeature(string Name, short MinLevel, short MaxLevel);

/// <summary>One registered broker. Immutable.</summary>
public sealed record BrokerImage
{
    /// <summary>The broker's node.id.</summary>
    public required int Id { get; init; }

    /// <summary>Offset of the record that registered it: differs with every start of the broker.</summary>
    public required long Epoch { get; init; }

    /// <summary>Id of this run of the broker's process.</summary>
    public required Guid IncarnationId { get; init; }

    /// <summary>Where it listens, one per listener.</summary>
    public required IReadOnlyList<BrokerEndPoint> EndPoints { get; init; }

    /// <summary>Features it can work with.</summary>
    public IReadOnlyList<SupportedFeature> Features { get; init; } = [];

    /// <summary>Its rack (broker.rack), or null.</summary>
    public string? Rack { get; init; }

    /// <summary>A fenced broker leads nothing and is not shown to clients.</summary>
    public required bool IsFenced { get; init; }

    /// <summary>Whether it is on its way down.</summary>
    public bool IsInControlledShutdown { get; init; }

    /// <summary>Ids of its log directories that are online.</summary>
    public IReadOnlyList<Guid> LogDirectoryIds { get; init; } = [];

    /// <summary>Whether a directory is one of its online ones; one that is not known yet counts as such.</summary>
    /// <param name="directory">The directory's id.</param>
    public bool HasOnlineDirectory(Guid directory) =>
        directory == DirectoryIds.Unassigned || LogDirectoryIds.Count == 0 || LogDirectoryIds.Contains(directory);

    /// <summary>The end point of the named listener, or null.</summary>
    /// <param name="listenerName">Name of the listener.</param>
    public BrokerEndPoint? FindEndPoint(string listenerName)
    {
        for (var i = 0; i < EndPoints.Count; i++)
        {
            if (string.Equals(EndPoints[i].ListenerName, listenerName, StringComparison.Ordinal))
            {
                return EndPoints[i];
            }
        }
        return null;
    }
}
