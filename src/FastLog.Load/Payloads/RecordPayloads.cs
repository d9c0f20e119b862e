namespace FastLog.Load.Payloads;

/// <summary>The values of one producer's records: parts of a stretch that all share, one behind the other.</summary>
/// <remarks>No two neighbours are equal. A value of lines starts where a line starts and is cut to its size, so the last
/// line of one is rarely whole.</remarks>
public sealed class RecordPayloads
{
    /// <summary>The stretch stays in a CPU's second-level cache.</summary>
    private const int SmallStartsBytes = 64 * 1024;

    /// <summary>No codec finds a value again in one batch.</summary>
    private const int LargeStartsBytes = 4 * 1024 * 1024;

    private readonly PayloadStretch _stretch;
    private readonly RecordSizes _sizes;
    private SplitMix _random;
    private int _next;

    /// <param name="stretch">What values are parts of.</param>
    /// <param name="sizes">How large they are.</param>
    /// <param name="seed">The same seed gives the same sizes and places ...</param>
    /// <param name="user">... to the same user of it.</param>
    public RecordPayloads(PayloadStretch stretch, RecordSizes sizes, int seed, int user = 0)
    {
        ArgumentNullException.ThrowIfNull(stretch);
        _stretch = stretch;
        _sizes = sizes;
        _random = SplitMix.For(seed ^ 0x76616C, user);
        _next = _random.Below(stretch.StartsBytes);
    }

    /// <summary>A stretch that suits values of these sizes.</summary>
    /// <param name="kind">What it is made of.</param>
    /// <param name="sizes">How large values are.</param>
    /// <param name="isPacked">Whether a codec will see them.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    public static PayloadStretch StretchFor(PayloadKind kind, RecordSizes sizes, bool isPacked, int seed) =>
        new(kind, isPacked ? LargeStartsBytes : SmallStartsBytes, sizes.MaxBytes, seed);

    /// <summary>The next value; the bytes stay as they are.</summary>
    public ReadOnlySpan<byte> Next()
    {
        int size = _sizes.IsFixed ? _sizes.MinBytes : _sizes.MinBytes + _random.Below(_sizes.MaxBytes - _sizes.MinBytes + 1);
        int start = _stretch.StartFrom(_next);
        // One byte further than the end, so that a size that divides the stretch does not bring the same values again.
        _next = start + size + 1;
        return _stretch.Value(start, size);
    }
}
