using System.Text;

namespace FastLog.Load.Payloads;

/// <summary>
/// One stretch of bytes, made once, of which every value is a part: so making a value costs nothing, and a seed makes
/// the same again. Never changed, so all producers share one.
/// </summary>
public sealed class PayloadStretch
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    /// <param name="kind">What it is made of.</param>
    /// <param name="startsBytes">Values start within so many bytes.</param>
    /// <param name="valueBytesMax">The largest value.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    public PayloadStretch(PayloadKind kind, int startsBytes, int valueBytesMax, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(startsBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(valueBytesMax);
        StartsBytes = startsBytes;
        (_bytes, _starts) = kind == PayloadKind.Random
            ? (Characters(startsBytes + valueBytesMax, seed), [])
            : Lines(kind, startsBytes, startsBytes + valueBytesMax, seed);
    }

    /// <summary>Values start within so many bytes.</summary>
    public int StartsBytes { get; }

    /// <summary>Where the value that is to start at <paramref name="position"/> or soon after it starts: with lines, at
    /// the start of one. Behind the end it begins again.</summary>
    /// <param name="position">0 or more.</param>
    public int StartFrom(int position)
    {
        position %= StartsBytes;
        if (_starts.Length == 0)
        {
            return position;
        }

        int found = Array.BinarySearch(_starts, position);
        int index = found >= 0 ? found : ~found;
        return index < _starts.Length ? _starts[index] : 0;
    }

    /// <summary>The bytes of a value.</summary>
    public ReadOnlySpan<byte> Value(int start, int size) => _bytes.AsSpan(start, size);

    /// <summary>64 different characters carry 6 bits each, so a codec saves a quarter of them at best.</summary>
    private static byte[] Characters(int size, int seed)
    {
        byte[] bytes = new byte[size];
        ReadOnlySpan<byte> alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;
        new Random(seed).GetItems(alphabet, bytes);
        return bytes;
    }

    private static (byte[] Bytes, int[] Starts) Lines(PayloadKind kind, int startsBytes, int size, int seed)
    {
        ILineWriter writer = kind == PayloadKind.Json ? new JsonLines(seed) : new TextLines(seed);
        StringBuilder text = new(size + 512);
        List<int> starts = [];
        while (text.Length < size)
        {
            if (text.Length < startsBytes)
            {
                starts.Add(text.Length);
            }

            writer.Write(text);
            text.Append('\n');
        }

        return (Encoding.ASCII.GetBytes(text.ToString()), [.. starts]);
    }
}
