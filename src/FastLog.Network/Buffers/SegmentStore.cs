namespace FastLog.Network;

/// <summary>Spare segments of one reader, so that a chain of blocks costs no allocation. Not thread-safe.</summary>
internal sealed class SegmentStore
{
    private const int SparesMax = 64;

    private BlockSegment? _spares;
    private int _sparesCount;

    public BlockSegment Rent()
    {
        BlockSegment? segment = _spares;
        if (segment is null)
        {
            return new BlockSegment();
        }

        _spares = segment.NextSegment;
        _sparesCount--;
        segment.LinkTo(null);
        return segment;
    }

    /// <summary>Releases the segment's block and keeps the segment.</summary>
    public void Return(BlockSegment segment)
    {
        segment.Release();
        if (_sparesCount < SparesMax)
        {
            segment.LinkTo(_spares);
            _spares = segment;
            _sparesCount++;
        }
    }
}
