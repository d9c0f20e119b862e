namespace FastLog.Interop.Wire;

/// <summary>The numbers of Kafka's errors that these tests expect, taken from the protocol's guide, not from the server's code.</summary>
internal static class WireErrors
{
    public const short None = 0;
    public const short OffsetOutOfRange = 1;
    public const short CorruptMessage = 2;
    public const short UnknownTopicOrPartition = 3;
    public const short MessageTooLarge = 10;
    public const short CoordinatorLoadInProgress = 14;
    public const short InvalidTopic = 17;
    public const short UnsupportedVersion = 35;
    public const short TopicAlreadyExists = 36;
    public const short OutOfOrderSequenceNumber = 45;
    public const short DuplicateSequenceNumber = 46;
    public const short InvalidRecord = 87;
}
