namespace FastLog.Cluster.Configs;

/// <summary>Why a value was refused, in two voices.</summary>
/// <param name="KafkaReason">As Kafka words it for INVALID_CONFIG, without the part that names key and value.</param>
/// <param name="Reason">For the person who wrote the properties file: value, fault and what was expected.</param>
public sealed record ConfigFault(string KafkaReason, string Reason);
