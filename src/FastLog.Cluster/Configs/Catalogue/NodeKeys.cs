using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>What this node is.</summary>
internal static class NodeKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("node.id", "1", AtLeast(0), High, ReadOnly,
            "The number of this node, unique in the cluster.").Used(),
        IntKey("broker.id", "-1", Any, High, ReadOnly,
            "Older name of node.id.").Used(),
        ListKey("process.roles", "broker,controller", OneOf("broker", "controller"), High, ReadOnly,
            "What this process does: broker, controller, or both.").Used(),
        TextKey("broker.rack", null, Any, Medium, ReadOnly,
            "The rack or zone this broker stands in; replicas are spread over racks.").Used(),
        IntKey("broker.heartbeat.interval.ms", "2000", Any, Medium, ReadOnly,
            "How often a broker tells the controller that it is alive."),
        IntKey("broker.session.timeout.ms", "9000", Any, Medium, ReadOnly,
            "Without a heartbeat for this long the controller fences the broker."),
        IntKey("initial.broker.registration.timeout.ms", "60000", Any, Medium, ReadOnly,
            "How long a starting broker tries to register with the controller."),
        BooleanKey("controlled.shutdown.enable", "true", Medium, ReadOnly,
            "Hand leaderships over before stopping."),
        IntKey("background.threads", "10", AtLeast(1), High, ClusterWide,
            "Threads for work that nobody waits for."),
        IntKey("num.io.threads", "8", AtLeast(1), High, ClusterWide,
            "Threads that work on requests."),
        IntKey("num.network.threads", "3", AtLeast(1), High, ClusterWide,
            "Threads per listener that read requests and send responses."),
        IntKey("num.recovery.threads.per.data.dir", "2", AtLeast(1), High, ClusterWide,
            "Threads per log directory that recover logs at start and flush them at stop.").Used(),
        IntKey("request.timeout.ms", "30000", AtLeast(1), High, ReadOnly,
            "How long a request between brokers waits for its answer.").Used(),
        ClassKey("alter.config.policy.class.name", null, Low, ReadOnly,
            "Class that decides on changes of configurations."),
        ClassKey("create.topic.policy.class.name", null, Low, ReadOnly,
            "Class that decides on new topics."),
        IntKey("kafka.metrics.polling.interval.secs", "10", AtLeast(1), Low, ReadOnly,
            "How often the older metrics reporters are asked."),
        ListKey("kafka.metrics.reporters", "", Any, Low, ReadOnly,
            "Older metrics reporter classes."),
        ListKey("metric.reporters", "org.apache.kafka.common.metrics.JmxReporter", Any, Low, ClusterWide,
            "Metrics reporter classes."),
        IntKey("metrics.num.samples", "2", AtLeast(1), Low, ReadOnly,
            "Samples kept to compute a metric."),
        TextKey("metrics.recording.level", "INFO", Any, Low, ReadOnly,
            "The finest level of metrics that is recorded."),
        LongKey("metrics.sample.window.ms", "30000", AtLeast(1), Low, ReadOnly,
            "The time one metrics sample covers."),
        IntKey("telemetry.max.bytes", "1048576", AtLeast(1), Low, ReadOnly,
            "Largest push of client metrics that is taken (KIP-714).").Used(),
        BooleanKey("unstable.api.versions.enable", "false", Internal, ReadOnly,
            "Offer API versions that are still being worked on."),
        BooleanKey("unstable.feature.versions.enable", "false", Internal, ReadOnly,
            "Offer feature versions that are still being worked on."),
    ];
}
