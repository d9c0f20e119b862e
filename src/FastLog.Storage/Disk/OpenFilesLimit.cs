namespace FastLog.Storage;

/// <summary>How many files the process may have open, and how many of them the logs may take.</summary>
public static class OpenFilesLimit
{
    // Beyond it there is nothing to gain, and the kernel's own memory for open files begins to count.
    private const int SegmentFilesMax = 100_000;
    private const int SegmentFilesMin = 64;

    /// <summary>RLIMIT_NOFILE's soft limit; int.MaxValue when there is none.</summary>
    public static int OfProcess() =>
        Libc.GetLimit(Libc.FilesLimit, out Libc.ResourceLimit limit) == 0 ? (int)Math.Min(limit.Soft, int.MaxValue) : 1024;

    /// <summary>What the segments of one of so many log directories may keep open: half is left to connections.</summary>
    /// <param name="directoriesCount">How many directories share it.</param>
    public static int ForSegments(int directoriesCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(directoriesCount);
        return Math.Max(SegmentFilesMin, Math.Min(OfProcess() / 2, SegmentFilesMax) / directoriesCount);
    }
}
