using System.Buffers.Binary;

namespace FastLog.Client;

/// <summary>Where a record with a key goes: the partition that Kafka's Java client picks for the same key.</summary>
public static class KeyPartitioner
{
    private const uint Multiplier = 0x5bd1e995;
    private const uint Seed = 0x9747b28c;
    private const int Shift = 24;

    /// <summary>The partition of <paramref name="key"/> among <paramref name="partitionsCount"/>.</summary>
    public static int PartitionFor(ReadOnlySpan<byte> key, int partitionsCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitionsCount);
        return (Murmur2(key) & int.MaxValue) % partitionsCount;
    }

    /// <summary>MurmurHash2, 32 bits, with Kafka's seed, over little-endian words.</summary>
    public static int Murmur2(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            uint hash = Seed ^ (uint)data.Length;
            while (data.Length >= sizeof(uint))
            {
                uint word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
                word = (word ^ (word >> Shift)) * Multiplier;
                hash = (hash * Multiplier) ^ word;
                data = data[sizeof(uint)..];
            }

            for (int i = data.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)data[i] << (8 * i);
            }

            if (!data.IsEmpty)
            {
                hash *= Multiplier;
            }

            hash = (hash ^ (hash >> 13)) * Multiplier;
            return (int)(hash ^ (hash >> 15));
        }
    }
}
