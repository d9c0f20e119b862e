using FastLog.Records;

namespace FastLog.Cluster;

/// <summary>Random ids as Kafka gives them.</summary>
internal static class RandomIds
{
    /// <summary>A random id: none of the reserved ones, and no text that a command line would take for an option.</summary>
    public static Guid New()
    {
        while (true)
        {
            var id = Guid.NewGuid();
            if (!UuidText.Format(id).StartsWith('-'))
            {
                return id;
            }
        }
    }
}
