using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Sockets, connections, request queues and fetch sessions.</summary>
internal static class SocketKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("socket.send.buffer.bytes", "102400", AtLeastOr(1, -1), High, ReadOnly,
            "SO_SNDBUF of accepted sockets; -1 leaves it to the operating system.").Used(),
        IntKey("socket.receive.buffer.bytes", "102400", AtLeastOr(1, -1), High, ReadOnly,
            "SO_RCVBUF of accepted sockets; -1 leaves it to the operating system.").Used(),
        IntKey("socket.request.max.bytes", "104857600", AtLeast(1), High, ReadOnly,
            "Largest request; a connection that announces a larger one is closed.").Used(),
        IntKey("socket.listen.backlog.size", "50", AtLeast(1), Medium, ReadOnly,
            "Connections the operating system may hold before they are accepted.").Used(),
        LongKey("socket.connection.setup.timeout.ms", "10000", Any, Medium, ReadOnly,
            "How long an outgoing connection may take at first."),
        LongKey("socket.connection.setup.timeout.max.ms", "30000", Any, Medium, ReadOnly,
            "The most that wait grows to after failures."),
        IntKey("queued.max.requests", "500", AtLeast(1), High, ReadOnly,
            "Requests that may wait for a worker before reading stops."),
        LongKey("queued.max.request.bytes", "-1", AtLeastOr(1, -1), Medium, ReadOnly,
            "Bytes of requests held at once, over all connections; -1 means no limit.").Used(),
        LongKey("connections.max.idle.ms", "600000", Any, Medium, ReadOnly,
            "A connection without traffic for this long is closed.").Used(),
        IntKey("max.connections", "2147483647", AtLeast(0), Medium, ClusterWide,
            "Connections held at once.").Used(),
        IntKey("max.connections.per.ip", "2147483647", AtLeast(0), Medium, ClusterWide,
            "Connections held at once from one address."),
        TextKey("max.connections.per.ip.overrides", "", Any, Medium, ClusterWide,
            "Other limits for some addresses: host:count, separated by commas."),
        IntKey("max.connection.creation.rate", "2147483647", AtLeast(0), Medium, ClusterWide,
            "New connections accepted per second."),
        IntKey("fetch.max.bytes", "57671680", AtLeast(1024), Medium, ReadOnly,
            "The most record bytes one fetch response carries, whatever the client asks for.").Used(),
        IntKey("max.incremental.fetch.session.cache.slots", "1000", AtLeast(0), Medium, ReadOnly,
            "Incremental fetch sessions held at once (KIP-227).").Used(),
        IntKey("max.request.partition.size.limit", "2000", AtLeast(1), Medium, ReadOnly,
            "The most partitions one DescribeTopicPartitions response lists (KIP-966).").Used(),
        IntKey("fetch.purgatory.purge.interval.requests", "1000", Any, Medium, ReadOnly,
            "Finished waiting fetches kept before they are cleared away."),
        IntKey("producer.purgatory.purge.interval.requests", "1000", Any, Medium, ReadOnly,
            "Finished waiting produces kept before they are cleared away."),
        IntKey("delete.records.purgatory.purge.interval.requests", "1", Any, Medium, ReadOnly,
            "Finished waiting DeleteRecords kept before they are cleared away."),
        IntKey("share.fetch.purgatory.purge.interval.requests", "1000", Any, Medium, ReadOnly,
            "Finished waiting share fetches kept before they are cleared away."),
    ];
}
