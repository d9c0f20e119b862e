namespace FastLog.Protocol;

/// <summary>Names and default texts of error codes, and what a client may do about them.</summary>
public static partial class ErrorCodes
{
    private const int LowestCode = -1;

    private enum Outcome
    {
        /// <summary>The same request fails again.</summary>
        Final,

        /// <summary>The same request may succeed later.</summary>
        Retriable,

        /// <summary>The request may succeed elsewhere: the client's metadata are out of date.</summary>
        StaleMetadata,
    }

    /// <summary>Kafka's name, such as <c>UNKNOWN_TOPIC_OR_PARTITION</c>; the number for a code without a name.</summary>
    public static string Name(this ErrorCode code) => Find(code)?.Name ?? ((short)code).ToString();

    /// <summary>The text to put in an error message field when there is nothing more precise to say.</summary>
    public static string Message(this ErrorCode code) => Find(code)?.Message ?? "";

    /// <summary>Whether the same request may succeed when it is sent again.</summary>
    public static bool IsRetriable(this ErrorCode code) => Find(code) is { Outcome: not Outcome.Final };

    /// <summary>Whether the client should fetch metadata before it sends the request again.</summary>
    public static bool RefreshesMetadata(this ErrorCode code) => Find(code) is { Outcome: Outcome.StaleMetadata };

    private static Row? Find(ErrorCode code)
    {
        int index = (int)code - LowestCode;
        return (uint)index < (uint)Rows.Length ? Rows[index] : null;
    }

    private sealed record Row(short Code, string Name, Outcome Outcome, string Message);
}
