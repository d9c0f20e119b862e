namespace FastLog.Load.Loads;

/// <summary>
/// The values of the records: one stretch of random printable characters, made once, of which every record takes
/// another window. So making a value costs nothing, no two neighbours are equal, and a seed makes the same again.
/// </summary>
/// <remarks>64 different characters carry 6 bits each, so a codec makes a small batch no smaller than three quarters.
/// The stretch stays in a CPU's second-level cache and is 64 KB long: a codec that looks further back finds it again.</remarks>
public sealed class RecordPayloads
{
    private const int WindowsCount = 1 << 16;

    // A prime step visits all windows before it comes back to the first.
    private const int WindowStep = 7919;

    private readonly byte[] _characters;
    private readonly int _recordSizeBytes;
    private int _window;

    /// <param name="recordSizeBytes">The size of every value, 0 or more.</param>
    /// <param name="seed">The same seed gives the same values.</param>
    public RecordPayloads(int recordSizeBytes, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(recordSizeBytes);
        _recordSizeBytes = recordSizeBytes;
        _characters = new byte[WindowsCount + recordSizeBytes];
        ReadOnlySpan<byte> alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;
        new Random(seed).GetItems(alphabet, _characters);
    }

    public ReadOnlySpan<byte> Next()
    {
        _window = (_window + WindowStep) & (WindowsCount - 1);
        return _characters.AsSpan(_window, _recordSizeBytes);
    }
}
