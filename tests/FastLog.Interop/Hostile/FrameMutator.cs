using System.Buffers.Binary;

namespace FastLog.Interop.Hostile;

/// <summary>Spoils valid requests in the ways that break decoders: lengths, counts, ends, versions, and plain bits.</summary>
internal sealed class FrameMutator(IReadOnlyList<byte[]> seeds, Random random)
{
    /// <summary>Where a payload's correlation id ends; mutations leave the four bytes before alone, so that answers can be told apart.</summary>
    public const int CorrelationIdEnd = 8;

    // Many a request, taken for a deletion, would delete the topic it is about, and all later ones would find nothing.
    private const byte DeleteTopicsKey = 20;

    private const int MutationsMax = 4;
    private const int InsertedBytesMax = 40;

    private static readonly int[] TellingNumbers =
        [0, 1, -1, 2, 127, 128, 255, 256, short.MaxValue, short.MinValue, int.MaxValue, int.MinValue, 0x00ffffff, -2];

    /// <summary>A mutation of a random seed.</summary>
    public byte[] Next()
    {
        byte[] seed = seeds[random.Next(seeds.Count)];
        var payload = new List<byte>(seed);
        int mutations = random.Next(2) == 0 ? 1 : random.Next(2, MutationsMax + 1);
        for (; mutations > 0; mutations--)
        {
            Mutate(payload);
        }

        return [.. payload];
    }

    private void Mutate(List<byte> payload)
    {
        if (payload.Count <= CorrelationIdEnd)
        {
            payload.Add((byte)random.Next(256));
            return;
        }

        int at = random.Next(CorrelationIdEnd, payload.Count);
        int length = Math.Min(random.Next(1, InsertedBytesMax), payload.Count - at);
        switch (random.Next(16))
        {
            case < 4:
                payload[at] ^= (byte)(1 << random.Next(8));
                break;
            case < 7:
                payload[at] = (byte)TellingNumbers[random.Next(TellingNumbers.Length)];
                break;
            case < 9:
                Overwrite(payload, at, TellingNumber(sizeof(int)));
                break;
            case < 11:
                Overwrite(payload, at, TellingNumber(sizeof(short)));
                break;
            case 11:
                payload.RemoveRange(at, length);
                break;
            case 12:
                payload.InsertRange(at, RandomBytes(random.Next(1, InsertedBytesMax)));
                break;
            case 13:
                payload.InsertRange(at, payload.GetRange(at, length));
                break;
            case 14 when payload[1] != DeleteTopicsKey:
                byte[] other = seeds[random.Next(seeds.Count)];
                payload.RemoveRange(at, payload.Count - at);
                payload.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                break;
            default:
                SpoilApiOrVersion(payload);
                break;
        }
    }

    // The first four bytes say which API in which version: another version of the same API is the likeliest to decode.
    private void SpoilApiOrVersion(List<byte> payload)
    {
        switch (random.Next(3))
        {
            case 0:
                payload[1] = (byte)random.Next(90);
                payload[1] = payload[1] == DeleteTopicsKey ? (byte)0 : payload[1];
                break;
            case 1:
                payload[3] = (byte)random.Next(18);
                break;
            default:
                Overwrite(payload, 2 * random.Next(2), TellingNumber(sizeof(short)));
                break;
        }
    }

    private byte[] TellingNumber(int size)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, TellingNumbers[random.Next(TellingNumbers.Length)]);
        return bytes[^size..];
    }

    private byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void Overwrite(List<byte> payload, int at, byte[] bytes)
    {
        for (int index = 0; index < bytes.Length && at + index < payload.Count; index++)
        {
            payload[at + index] = bytes[index];
        }
    }
}
