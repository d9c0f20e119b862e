namespace FastLog.Benchmarks.Tests;

/// <summary>
/// What a call of a benchmark may allocate once warm, in bytes: nothing, unless a row here says otherwise and why. A change
/// that saves some of it lowers the row.
/// </summary>
internal static class AllowedAllocations
{
    private static readonly (string Benchmark, long BytesPerCall, string Reason)[] Rows =
    [
        ("CodecBenchmarks.Compress [Codec=Gzip]", 264, "the runtime's GZipStream, which cannot be used again"),
        ("CodecBenchmarks.Decompress [Codec=Gzip]", 296, "the runtime's GZipStream, which cannot be used again"),
        ("LookupBenchmarks.ByTime", 312, "a cursor over batches and its buffers; a lookup comes with a consumer's start, not with its fetches"),
    ];

    /// <summary>The benchmarks that have a row.</summary>
    public static IEnumerable<string> Benchmarks => Rows.Select(row => row.Benchmark);

    public static (long BytesPerCall, string Reason) Of(string benchmark)
    {
        foreach ((string name, long bytesPerCall, string reason) in Rows)
        {
            if (name == benchmark)
            {
                return (bytesPerCall, reason);
            }
        }

        return (0, "nothing on the way of a record, a request or a commit becomes garbage");
    }
}
