using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Addresses: where to listen, what to tell clients.</summary>
internal static class ListenerKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        TextKey("listeners", "PLAINTEXT://127.0.0.1:9092", Any, High, ReadOnly,
            "Addresses to listen on: NAME://host:port, separated by commas; an empty host means every " +
            "interface.").Used(),
        TextKey("advertised.listeners", null, Any, High, ReadOnly,
            "Addresses that clients are told to connect to, when they differ from the listeners.").Used(),
        TextKey("listener.security.protocol.map",
            "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT", Any, Low, ReadOnly,
            "Which security protocol each listener name speaks: NAME:PROTOCOL, separated by commas.").Used(),
        TextKey("controller.listener.names", null, Any, High, ReadOnly,
            "Names of the listeners that only the controller uses.").Used(),
        TextKey("inter.broker.listener.name", null, Any, Medium, ReadOnly,
            "Name of the listener that brokers use among themselves.").Used(),
        TextKey("security.inter.broker.protocol", "PLAINTEXT",
            OneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), Medium, ReadOnly,
            "Security protocol among brokers, when no listener name is given for it."),
        TextKey("http.listeners", "http://127.0.0.1:9644", Any, Medium, ReadOnly,
            "FastLog's own: addresses of the HTTP endpoint with /metrics, as http://host:port, separated by commas; empty " +
            "for none. One that is given and cannot be bound stops the start, the default one only warns.").Used(),
        TextKey("early.start.listeners", null, Any, High, ReadOnly,
            "Listeners that accept before the authorizer is ready."),
    ];
}
