namespace FastLog.Storage.Tests;

/// <summary>
/// One file's bytes: as programs see them, as they were at the last sync, and what was done since. A crash keeps of the
/// latter what chance says, sector by sector, in no order.
/// </summary>
internal sealed class SimulatedInode
{
    private const int SectorBytes = 512;

    private readonly List<Change> _unsynced = [];
    private byte[] _bytes = [];
    private byte[] _synced = [];
    private int _syncedLength;

    private readonly record struct Change(long Position, byte[]? Written, long Length);

    public int Length { get; private set; }

    public bool HasUnsyncedChanges => _unsynced.Count > 0;

    public int Read(long position, Span<byte> buffer)
    {
        int count = (int)Math.Clamp(Length - position, 0, buffer.Length);
        _bytes.AsSpan((int)Math.Min(position, Length), count).CopyTo(buffer);
        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        Apply(ref _bytes, position, bytes);
        Length = Math.Max(Length, (int)position + bytes.Length);
        _unsynced.Add(new Change(position, bytes.ToArray(), 0));
    }

    public void Truncate(long length)
    {
        Resize(ref _bytes, Length, (int)length);
        Length = (int)length;
        _unsynced.Add(new Change(0, null, length));
    }

    public void Sync()
    {
        foreach (Change change in _unsynced)
        {
            if (change.Written is { } written)
            {
                Apply(ref _synced, change.Position, written);
                _syncedLength = Math.Max(_syncedLength, (int)change.Position + written.Length);
            }
            else
            {
                Resize(ref _synced, _syncedLength, (int)change.Length);
                _syncedLength = (int)change.Length;
            }
        }
        _unsynced.Clear();
    }

    /// <summary>What is on the disk after a power cut; <paramref name="survival"/> is each unsynced sector's chance.</summary>
    public void Crash(Random random, double survival)
    {
        foreach (Change change in _unsynced)
        {
            if (change.Written is { } written)
            {
                SurviveInPart(change.Position, written, random, survival);
            }
            else if (random.NextDouble() < survival)
            {
                Resize(ref _synced, _syncedLength, (int)change.Length);
                _syncedLength = (int)change.Length;
            }
        }
        _unsynced.Clear();
        _bytes = _synced.AsSpan(0, _syncedLength).ToArray();
        Length = _syncedLength;
    }

    public void FlipBit(int position, int bit)
    {
        _bytes[position] ^= (byte)(1 << bit);
        if (position < _syncedLength)
            _synced[position] ^= (byte)(1 << bit);
    }

    private void SurviveInPart(long position, byte[] written, Random random, double survival)
    {
        int from = 0;
        while (from < written.Length)
        {
            int toBoundary = SectorBytes - (int)((position + from) % SectorBytes);
            int count = Math.Min(toBoundary, written.Length - from);
            if (random.NextDouble() < survival)
            {
                Apply(ref _synced, position + from, written.AsSpan(from, count));
                _syncedLength = Math.Max(_syncedLength, (int)position + from + count);
            }
            from += count;
        }
    }

    private static void Apply(ref byte[] bytes, long position, ReadOnlySpan<byte> written)
    {
        int end = (int)position + written.Length;
        if (bytes.Length < end)
            Array.Resize(ref bytes, Math.Max(end, bytes.Length * 2));
        written.CopyTo(bytes.AsSpan((int)position));
    }

    private static void Resize(ref byte[] bytes, int length, int newLength)
    {
        if (newLength < length)
            bytes.AsSpan(newLength, length - newLength).Clear();
        else if (bytes.Length < newLength)
            Array.Resize(ref bytes, newLength);
    }
}
