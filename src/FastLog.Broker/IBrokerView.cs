using FastLog.Cluster;

namespace FastLog.Broker;

/// <summary>What handlers may know of the broker they serve.</summary>
public interface IBrokerView
{
    /// <summary>This broker's <c>node.id</c>.</summary>
    int NodeId { get; }

    /// <summary>The newest metadata that this broker has applied.</summary>
    MetadataImage Image { get; }
}
