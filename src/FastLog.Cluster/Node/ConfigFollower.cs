using FastLog.Cluster.Configs;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>Hands what is set at run time to those who do not ask for it themselves, and tells what cannot be used.</summary>
internal sealed class ConfigFollower(
    LiveBrokerConfig config, IReadOnlyList<LogDirectory> directories, LogCleaner cleaner, ILogger<ConfigFollower> logger)
{
    /// <summary>Does what a change of the metadata asks for.</summary>
    public void Apply(MetadataDelta delta)
    {
        if (delta.BrokerConfigsChanged)
        {
            Follow(delta.After);
        }
    }

    private void Follow(MetadataImage image)
    {
        var now = config.In(image);
        cleaner.Reconfigure(now.Cleaner);
        foreach (var directory in directories)
        {
            directory.ProducerIdExpirationMs = now.ProducerIdExpirationMs;
        }
        foreach (var fault in config.FaultsIn(image))
        {
            logger.LogWarning("A broker config in the metadata is left out: {Fault}", fault);
        }
    }
}
