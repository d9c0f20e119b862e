using FastLog.Records;

namespace FastLog.Storage;

/// <summary>How a producer's batch is to be packed anew before it is stored.</summary>
/// <param name="Target">The codec it is stored in.</param>
/// <param name="Renumbers">Whether its records are not numbered as they should be.</param>
internal readonly record struct BatchReencoding(CompressionType Target, bool Renumbers)
{
    /// <summary>Null when the batch can be stored as it came: the common way, without a copy.</summary>
    public static BatchReencoding? Of(in RecordBatchHeader header, in BatchSummary summary, LogConfig config)
    {
        CompressionType target = config.CompressionType ?? header.CompressionType;
        return target != header.CompressionType || summary.IsMisnumbered
            ? new BatchReencoding(target, summary.IsMisnumbered)
            : null;
    }
}
