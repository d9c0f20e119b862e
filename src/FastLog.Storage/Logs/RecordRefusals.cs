using System.Globalization;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>What is said of records for which a batch is refused; Kafka's texts where it has one.</summary>
internal static class RecordRefusals
{
    public const string TimestampsMessage = "One or more records have been rejected due to invalid timestamp";

    private const string MissingKey = "Compacted topic cannot accept message without key.";
    private const string AppendTime = "A producer must not set the timestamp type LogAppendTime.";
    private const string Malformed = "The record is malformed, or not numbered as it should be.";

    public static string KeysMessage(int count) => string.Create(
        CultureInfo.InvariantCulture, $"One or more records have been rejected: {count} without a key in a compacted topic");

    public static IReadOnlyList<AppendRecordError> Of(IReadOnlyList<RecordFault> faults, RecordLimits limits) =>
        [.. faults.Select(fault => new AppendRecordError(fault.RecordIndex, MessageOf(fault, limits)))];

    /// <summary>All records of a batch that says it was stamped by the log.</summary>
    public static IReadOnlyList<AppendRecordError> OfAppendTime(int recordsCount) =>
        [.. Enumerable.Range(0, Math.Min(recordsCount, RecordFault.ListedMax)).Select(index => new AppendRecordError(index, AppendTime))];

    public static IReadOnlyList<AppendRecordError>? OfMalformed(int recordIndex) =>
        recordIndex < 0 ? null : [new AppendRecordError(recordIndex, Malformed)];

    private static string MessageOf(RecordFault fault, RecordLimits limits) => fault.Kind == RecordFaultKind.MissingKey
        ? MissingKey
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Timestamp {fault.TimestampMs} of message with offset {fault.RecordIndex} is out of range. "
            + $"The timestamp should be within [{limits.TimestampMinMs}, {limits.TimestampMaxMs}]");
}
