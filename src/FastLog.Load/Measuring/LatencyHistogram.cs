using System.Numerics;

namespace FastLog.Load.Measuring;

/// <summary>
/// Counts durations in buckets that grow with them, so that hours and nanoseconds fit in a fixed 115 KB.
/// </summary>
/// <remarks>
/// Every power of two is cut into 256 equal buckets (values below 512 have one of their own), so a bucket is at most
/// 1/256 of the values in it wide: a percentile read from here is never below the exact one and at most 0.4 % above it.
/// Minimum, maximum, count and mean are exact. Any non-negative long fits. Not thread-safe: who records from several
/// threads keeps one each, or a lock.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 8;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[BucketOf(long.MaxValue) + 1];
    private Int128 _sum;

    /// <summary>The width of a bucket over its smallest value, at most: how far a percentile may be too high.</summary>
    public static double RelativeErrorMax => 1.0 / SubBuckets;

    /// <summary>How many values were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value; 0 when there is none.</summary>
    public long Min { get; private set; }

    /// <summary>The largest value; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>0 when there is no value.</summary>
    public double Mean => Count == 0 ? 0 : (double)_sum / Count;

    /// <summary>Counts a value <paramref name="times"/> times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or the count not positive.</exception>
    public void Record(long value, long times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        _counts[BucketOf(value)] += times;
        Min = Count == 0 ? value : Math.Min(Min, value);
        Max = Math.Max(Max, value);
        Count += times;
        _sum += (Int128)value * times;
    }

    /// <summary>Counts everything that another histogram counted.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
        {
            return;
        }

        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Min = Count == 0 ? other.Min : Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Count += other.Count;
        _sum += other._sum;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        _sum = 0;
        (Count, Min, Max) = (0, 0, 0);
    }

    /// <summary>The smallest value that <paramref name="percent"/> of all values do not exceed, rounded up to its
    /// bucket's end; 0 when there is no value.</summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        long rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(LargestIn(bucket), Max);
            }
        }

        return Max;
    }

    /// <summary>The bucket of a value: the value itself below 512, then 256 buckets for every power of two.</summary>
    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    private static long LargestIn(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBucketBits) - 1);
        long leading = bucket - ((long)shift << SubBucketBits);
        // The last bucket ends at 2^63, which wraps, and one less is long.MaxValue again.
        return unchecked(((leading + 1) << shift) - 1);
    }
}
