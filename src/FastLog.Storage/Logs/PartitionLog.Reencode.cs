using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <content>Appending what is not stored as it came: compression.type differs from the producer's.</content>
public sealed partial class PartitionLog
{
    [ThreadStatic]
    private static BatchReencoder? _reencoder;

    // Packed before the log's lock is taken: several producers of one partition pack side by side.
    private AppendResult AppendReencoded(
        in ReadOnlySequence<byte> records,
        in BatchAdmission admission,
        BatchReencoding reencoding,
        int leaderEpoch,
        LogConfig config,
        long nowMs)
    {
        BatchReencoder reencoder = _reencoder ??= new BatchReencoder();
        try
        {
            BatchError error = reencoder.Reencode(
                records,
                admission.First,
                reencoding.Target,
                config.CompressionLevelOf(reencoding.Target),
                reencoding.Renumbers,
                config.MaxMessageBytes,
                out ReadOnlySequence<byte> reencoded);
            BatchAdmission final = admission.AfterReencoding(error, reencoded, config);
            return final.Error == AppendError.None
                ? AppendAdmitted(reencoded, final, AppendOrigin.Client, leaderEpoch, config, nowMs)
                : final.ToRefusal();
        }
        finally
        {
            reencoder.Release();
        }
    }
}
