namespace FastLog.Storage;

/// <summary>Which neighbouring segments are cleaned into one, so that thin ones do not pile up. Pure.</summary>
internal static class SegmentGroups
{
    /// <summary>Groups the segments in order; each is in exactly one group.</summary>
    /// <param name="segments">The segments to clean.</param>
    /// <param name="sizeBytesMax">segment.bytes: bytes before cleaning that a group may have.</param>
    /// <param name="indexBytesMax">segment.index.bytes: the same for an index.</param>
    public static List<Range> Of(ReadOnlySpan<SegmentSummary> segments, int sizeBytesMax, int indexBytesMax)
    {
        List<Range> groups = [];
        for (int from = 0; from < segments.Length;)
        {
            long size = segments[from].SizeInBytes;
            long indexBytes = segments[from].IndexBytes;
            int to = from + 1;
            while (to < segments.Length
                && size + segments[to].SizeInBytes <= sizeBytesMax
                && indexBytes + segments[to].IndexBytes <= indexBytesMax
                && segments[to].NextOffset - 1 - segments[from].BaseOffset <= int.MaxValue)
            {
                size += segments[to].SizeInBytes;
                indexBytes += segments[to].IndexBytes;
                to++;
            }
            groups.Add(from..to);
            from = to;
        }
        return groups;
    }
}
