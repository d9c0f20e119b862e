using FastLog.Protocol;
using FastLog.Storage;

namespace FastLog.Broker;

/// <summary>What a log's refusal is called on the wire.</summary>
internal static class AppendErrors
{
    /// <summary>The error code for a produce response.</summary>
    public static ErrorCode ToErrorCode(AppendError error) => error switch
    {
        AppendError.None => ErrorCode.None,
        AppendError.CorruptMessage => ErrorCode.CorruptMessage,
        AppendError.InvalidRecord => ErrorCode.InvalidRecord,
        AppendError.InvalidTimestamp => ErrorCode.InvalidTimestamp,
        AppendError.MessageTooLarge => ErrorCode.MessageTooLarge,
        AppendError.RecordListTooLarge => ErrorCode.RecordListTooLarge,
        AppendError.OutOfOrderSequenceNumber => ErrorCode.OutOfOrderSequenceNumber,
        AppendError.InvalidProducerEpoch => ErrorCode.InvalidProducerEpoch,
        AppendError.InvalidTransactionState => ErrorCode.InvalidTxnState,
        AppendError.UnsupportedCompressionType => ErrorCode.UnsupportedCompressionType,
        AppendError.UnexpectedOffset => ErrorCode.OffsetOutOfRange,
        AppendError.NoSpace or AppendError.StorageError => ErrorCode.KafkaStorageError,
        _ => ErrorCode.UnknownServerError,
    };
}
