using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <content>How full the disk is, and what is said when it is full.</content>
public sealed partial class LogDirectory
{
    private const long NoSpaceReportIntervalMs = 60_000;

    private readonly Lock _noSpaceLock = new();
    private long _noSpaceReportedMs = long.MinValue;
    private long _noSpaceRefusalsCount;

    /// <summary>Size and free space of the file system that the directory lies in.</summary>
    /// <exception cref="DiskException">The disk does not say; the directory stays as it is.</exception>
    public DiskSpace MeasureSpace() => _files.SpaceOf(DirectoryPath);

    void ILogHome.ReportNoSpace(DiskException failure) => ReportNoSpace(failure);

    // Producers try again many times a second; one line a minute says as much.
    private void ReportNoSpace(DiskException failure)
    {
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        long refusals;
        lock (_noSpaceLock)
        {
            _noSpaceRefusalsCount++;
            if (_noSpaceReportedMs != long.MinValue && nowMs - _noSpaceReportedMs < NoSpaceReportIntervalMs)
                return;
            _noSpaceReportedMs = nowMs;
            refusals = _noSpaceRefusalsCount;
            _noSpaceRefusalsCount = 0;
        }
        _logger.LogError(
            "No space left for log directory {Path} ({Failure}): {Refusals} write(s) refused with KAFKA_STORAGE_ERROR. "
            + "Reads go on, and writes as soon as there is space",
            DirectoryPath,
            failure.Message,
            refusals);
    }
}
