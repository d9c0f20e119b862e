using System.Diagnostics;
using FastLog.Load.Measuring;
using FastLog.StorageBench.Disk;

namespace FastLog.LoadGen.Suite.Limits;

/// <summary>Bare pwrite and fdatasync into one new file, one after another on one thread.</summary>
internal static class DiskProbe
{
    /// <summary>A file is begun anew beyond this, so that a probe without syncs leaves little to be written back.</summary>
    private const long FileBytesMax = 256L << 20;

    /// <param name="folder">Where; the file goes away.</param>
    /// <param name="writeBytes">The size of a write.</param>
    /// <param name="writesPerSync">Writes before a sync; null never syncs.</param>
    /// <param name="time">How long.</param>
    /// <returns>Writes a second, and the median time of the writes of one sync with it.</returns>
    public static ProbeFigures Run(string folder, int writeBytes, int? writesPerSync, TimeSpan time)
    {
        string path = Path.Combine(folder, $"probe-{Guid.NewGuid():N}");
        byte[] bytes = new byte[writeBytes];
        new Random(1).NextBytes(bytes);
        LatencyHistogram rounds = new();
        long writesCount = 0;
        long roundWrites = writesPerSync ?? 1;
        try
        {
            using RawFile file = new(path);
            long fileBytes = 0;
            long startedAt = Stopwatch.GetTimestamp();
            TimeSpan elapsed;
            do
            {
                long roundAt = Stopwatch.GetTimestamp();
                for (long i = 0; i < roundWrites; i++)
                {
                    file.Append(bytes);
                }

                if (writesPerSync is not null)
                {
                    file.Sync();
                }

                rounds.Record((long)Stopwatch.GetElapsedTime(roundAt).TotalNanoseconds);
                writesCount += roundWrites;
                fileBytes += roundWrites * writeBytes;
                if (fileBytes > FileBytesMax)
                {
                    file.Rewind();
                    fileBytes = 0;
                }

                elapsed = Stopwatch.GetElapsedTime(startedAt);
            }
            while (elapsed < time);
            return new ProbeFigures(writesCount / elapsed.TotalSeconds, rounds.Percentile(50) / 1e6);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>What a probe found.</summary>
/// <param name="MovesPerSecond">Writes, or messages, a second.</param>
/// <param name="RoundMs">The median time of one round.</param>
internal sealed record ProbeFigures(double MovesPerSecond, double RoundMs);
