namespace FastLog.Storage;

/// <summary>Who appends: decides which checks a batch meets and who gives it its offset (Kafka's AppendOrigin).</summary>
public enum AppendOrigin
{
    /// <summary>A producer: everything is checked, the log gives the offset.</summary>
    Client,

    /// <summary>A leader this log follows: offsets and epochs are taken as they are.</summary>
    Replication,

    /// <summary>A coordinator of this process: the log gives the offset; control batches are allowed.</summary>
    Coordinator,

    /// <summary>The raft leader of this process: the log gives the offset; control batches are allowed.</summary>
    RaftLeader,
}

/// <summary>Why nothing was appended. The comment names Kafka's error code.</summary>
public enum AppendError
{
    /// <summary>Appended (or a duplicate of what was).</summary>
    None,

    /// <summary>CORRUPT_MESSAGE: CRC, length or record bytes are wrong.</summary>
    CorruptMessage,

    /// <summary>INVALID_RECORD: not exactly one batch, a key is missing, a control batch from a client.</summary>
    InvalidRecord,

    /// <summary>INVALID_TIMESTAMP: outside message.timestamp.before/after.max.ms.</summary>
    InvalidTimestamp,

    /// <summary>MESSAGE_TOO_LARGE: the batch exceeds max.message.bytes.</summary>
    MessageTooLarge,

    /// <summary>RECORD_LIST_TOO_LARGE: the batches exceed segment.bytes.</summary>
    RecordListTooLarge,

    /// <summary>OUT_OF_ORDER_SEQUENCE_NUMBER.</summary>
    OutOfOrderSequenceNumber,

    /// <summary>INVALID_PRODUCER_EPOCH: a newer instance of the producer has written.</summary>
    InvalidProducerEpoch,

    /// <summary>INVALID_TXN_STATE: a plain batch while the producer's transaction is open here.</summary>
    InvalidTransactionState,

    /// <summary>UNSUPPORTED_COMPRESSION_TYPE: an unknown codec, or its library is missing.</summary>
    UnsupportedCompressionType,

    /// <summary>OFFSET_OUT_OF_RANGE: replicated batches that do not continue the log.</summary>
    UnexpectedOffset,

    /// <summary>KAFKA_STORAGE_ERROR: the disk is full; the log goes on when there is space again.</summary>
    NoSpace,

    /// <summary>KAFKA_STORAGE_ERROR: the directory is offline, or the log was closed or deleted.</summary>
    StorageError,
}

/// <summary>A record for which its batch was refused.</summary>
/// <param name="RecordIndex">Its position in the batch.</param>
/// <param name="Message">What is wrong with it, for people.</param>
public readonly record struct AppendRecordError(int RecordIndex, string Message);

/// <summary>What became of an append.</summary>
public readonly struct AppendResult
{
    /// <summary>None when the records are in the log.</summary>
    public AppendError Error { get; init; }

    /// <summary>Offset of the first record; -1 on an error.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Offset of the last record; -1 on an error. BaseOffset - 1 when nothing was in the records.</summary>
    public long LastOffset { get; init; }

    /// <summary>The append's time in ms when the topic stamps LogAppendTime, else -1.</summary>
    public long LogAppendTimeMs { get; init; }

    /// <summary>The log's start offset at the time of the append.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>The batch was in the log already (idempotent producer); the offsets are the first append's.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>
    /// The records that are to blame, at most <see cref="Records.RecordFault.ListedMax"/>; null when it is the batch, or
    /// nothing is wrong.
    /// </summary>
    public IReadOnlyList<AppendRecordError>? RecordErrors { get; init; }

    /// <summary>What is wrong, for people; null when all is well.</summary>
    public string? Message { get; init; }

    internal static AppendResult Failed(AppendError error, string message, IReadOnlyList<AppendRecordError>? recordErrors = null) => new()
    {
        Error = error,
        BaseOffset = -1,
        LastOffset = -1,
        LogAppendTimeMs = -1,
        LogStartOffset = -1,
        RecordErrors = recordErrors,
        Message = message,
    };
}
