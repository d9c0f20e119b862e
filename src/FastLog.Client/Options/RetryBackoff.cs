namespace FastLog.Client;

/// <summary>How long to pause before a retry: doubling from the first pause up to the longest.</summary>
internal readonly record struct RetryBackoff(int FirstMs, int LongestMs)
{
    public static RetryBackoff From(ClientOptions options) => new(options.RetryBackoffMs, options.RetryBackoffMsMax);

    /// <summary>The pause after <paramref name="failures"/> failures in a row, 1 or more.</summary>
    public TimeSpan After(int failures)
    {
        int doublings = Math.Clamp(failures - 1, 0, 30);
        long ms = Math.Min((long)FirstMs << doublings, Math.Max(FirstMs, LongestMs));
        return TimeSpan.FromMilliseconds(ms);
    }
}
