using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>What a broker refused, or what kept a request from being answered; the one exception of this room.</summary>
public sealed class KafkaException : Exception
{
    /// <summary>An error with Kafka's own text.</summary>
    public KafkaException(ErrorCode errorCode)
        : this(errorCode, errorCode.Message())
    {
    }

    /// <summary>An error with a text of the broker's, or of this client's.</summary>
    public KafkaException(ErrorCode errorCode, string message)
        : base(message) => ErrorCode = errorCode;

    /// <summary>An error with the exception that led to it.</summary>
    public KafkaException(ErrorCode errorCode, string message, Exception? innerException)
        : base(message, innerException) => ErrorCode = errorCode;

    /// <summary>Kafka's code; <see cref="ErrorCode.NetworkException"/> when no broker could be reached.</summary>
    public ErrorCode ErrorCode { get; }

    /// <summary>Whether the same request may well succeed later.</summary>
    public bool IsRetriable => ErrorCode.IsRetriable();

    /// <summary>An error for a thing that has a name: a topic, a partition, a group.</summary>
    internal static KafkaException For(ErrorCode errorCode, string subject, string? brokersText = null) =>
        new(errorCode, $"{subject}: {brokersText ?? errorCode.Message()} ({errorCode.Name()})");
}
