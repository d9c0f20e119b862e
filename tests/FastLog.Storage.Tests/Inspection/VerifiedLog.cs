using FastLog.Records;
using FastLog.Storage.Inspection;

namespace FastLog.Storage.Tests.Inspection;

/// <summary>A small log with everything in it, written by storage, closed cleanly, and lying on a disk in memory.</summary>
internal static class VerifiedLog
{
    /// <summary>Several segments; plain, compressed and idempotent batches, two leader epochs.</summary>
    public static async Task<LogStand> WriteAsync(int seed = 1)
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 4096, IndexIntervalBytes = 256 }, seed: seed);
        int[] sequences = new int[3];
        for (int i = 0; i < 60; i++)
        {
            int count = 1 + i % 4;
            int producer = i % 4;
            bool isIdempotent = producer < 3;
            stand.MustAppend(
                TestBatches.Make(
                    count,
                    new string((char)('a' + i % 26), 40 + i * 7 % 90),
                    timestampMs: ManualClock.StartMs - 100_000 + i * 1000,
                    producerId: isIdempotent ? producer : -1,
                    producerEpoch: (short)(isIdempotent ? 0 : -1),
                    baseSequence: isIdempotent ? sequences[producer] : -1,
                    compression: (CompressionType)(i % 5)),
                leaderEpoch: i < 40 ? 3 : 5);
            if (isIdempotent)
                sequences[producer] += count;
        }
        stand.Flush();
        await stand.Directory.DisposeAsync();
        return stand;
    }

    public static (VerificationSummary Summary, List<Finding> Findings) Verify(LogStand stand, string? path = null)
    {
        List<Finding> findings = [];
        VerificationSummary summary = LogVerifier.Verify(stand.Files, path ?? stand.RootPath, findings.Add);
        return (summary, findings);
    }

    public static List<string> FilesOf(LogStand stand, string suffix) =>
        [.. stand.Files.ListFiles(stand.PathOf("")).Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Order().Select(stand.PathOf)];

    public static byte[] Read(LogStand stand, string path)
    {
        using IFile file = stand.Files.Open(path, FileOpenMode.Read);
        byte[] bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }

    public static void Write(LogStand stand, string path, ReadOnlySpan<byte> bytes)
    {
        using IFile file = stand.Files.Open(path, FileOpenMode.CreateOrTruncate);
        file.Write(0, bytes);
    }
}
