using FastLog.Interop.Wire;

namespace FastLog.Interop.Kill;

/// <summary>What the check of one partition counted.</summary>
internal readonly record struct LedgerCount(int Acknowledged, int Found, int Lost)
{
    /// <summary>The counts of two partitions together.</summary>
    public static LedgerCount operator +(LedgerCount left, LedgerCount right) =>
        new(left.Acknowledged + right.Acknowledged, left.Found + right.Found, left.Lost + right.Lost);
}

/// <summary>
/// Remembers, outside the broker, what was sent to one partition and what the broker acknowledged at which offset, and
/// holds the log that is found after a kill against that.
/// </summary>
internal sealed class Ledger(string topic, int partition)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _placeOfSent = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, string> _acknowledged = [];
    private long _deletedMin;
    private long _deletedMax;

    /// <summary>The partition's topic.</summary>
    public string Topic => topic;

    /// <summary>The partition's number.</summary>
    public int Partition => partition;

    /// <summary>Records acknowledged so far.</summary>
    public int AcknowledgedCount
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>Records sent so far.</summary>
    public int SentCount
    {
        get
        {
            lock (_lock)
            {
                return _placeOfSent.Count;
            }
        }
    }

    /// <summary>Makes the next values to send, none of them ever sent before.</summary>
    public string[] NextValues(int count)
    {
        lock (_lock)
        {
            string[] values = new string[count];
            for (int index = 0; index < count; index++)
            {
                int place = _placeOfSent.Count;
                values[index] = $"{topic}-{partition} record {place} ".PadRight(SizeOf(place), '.');
                _placeOfSent.Add(values[index], place);
            }

            return values;
        }
    }

    /// <summary>Takes down that the records below an offset are about to be deleted: from now on they may be gone.</summary>
    public void BeginDeletion(long offset)
    {
        lock (_lock)
        {
            _deletedMax = Math.Max(_deletedMax, offset);
        }
    }

    /// <summary>Takes down that the broker acknowledged the deletion: from now on they must be gone.</summary>
    public void EndDeletion(long offset)
    {
        lock (_lock)
        {
            _deletedMin = Math.Max(_deletedMin, offset);
        }
    }

    /// <summary>Takes down that the broker acknowledged these values from this offset on.</summary>
    public void Acknowledge(long baseOffset, IReadOnlyList<string> values)
    {
        lock (_lock)
        {
            for (int index = 0; index < values.Count; index++)
            {
                Assert.True(_acknowledged.TryAdd(baseOffset + index, values[index]) || _acknowledged[baseOffset + index] == values[index],
                    $"{topic}-{partition}: offset {baseOffset + index} was acknowledged for two records.");
            }
        }
    }

    /// <summary>
    /// Fails unless every acknowledged record is at its offset and the log holds what was sent, in the order in which it
    /// was sent, nothing twice and nothing else.
    /// </summary>
    public LedgerCount Check(IReadOnlyList<WireRecord> found)
    {
        lock (_lock)
        {
            long first = found.Count == 0 ? _deletedMin : found[0].Offset;
            Assert.True(first >= _deletedMin && first <= _deletedMax,
                $"{topic}-{partition} begins at {first}, deleted were {_deletedMin} to {_deletedMax}.");
            string[] lost = [.. _acknowledged
                .Where(record => record.Key >= first)
                .Where(record => record.Key - first >= found.Count || found[(int)(record.Key - first)].Value != record.Value)
                .Select(record => $"{record.Key}: {record.Value}")];
            Assert.True(lost.Length == 0,
                $"{topic}-{partition}: {lost.Length} of {_acknowledged.Count} acknowledged records are not at their offsets, first {lost.FirstOrDefault()}");
            AssertOrder(found);
            return new LedgerCount(_acknowledged.Count, found.Count, lost.Length);
        }
    }

    /// <summary>
    /// The same for a compacted topic, where what a later record of the same key replaced may be gone: fails unless every
    /// other acknowledged record is at its offset, and of each key the newest one.
    /// </summary>
    public LedgerCount CheckCompacted(IReadOnlyList<WireRecord> found, Func<string, string> keyOf)
    {
        lock (_lock)
        {
            Dictionary<long, string> values = found.ToDictionary(record => record.Offset, record => record.Value ?? "");
            Dictionary<string, long> newest = found.GroupBy(record => record.Key ?? "", StringComparer.Ordinal)
                .ToDictionary(records => records.Key, records => records.Max(record => record.Offset), StringComparer.Ordinal);
            string[] lost = [.. _acknowledged
                .Where(record => values.TryGetValue(record.Key, out string? value)
                    ? value != record.Value
                    : newest.GetValueOrDefault(keyOf(record.Value), -1) < record.Key)
                .Select(record => $"{record.Key}: {record.Value[..40]}")];
            Assert.True(lost.Length == 0,
                $"{topic}-{partition}: {lost.Length} of {_acknowledged.Count} acknowledged records are gone, first {lost.FirstOrDefault()}");
            AssertOrder(found);
            Assert.All(found, record => Assert.Equal(keyOf(record.Value ?? ""), record.Key));
            return new LedgerCount(_acknowledged.Count, found.Count, lost.Length);
        }
    }

    // Most records are of 100 bytes, some of several blocks of the disk.
    private static int SizeOf(int place) => place % 97 == 0 ? 2_000 + place % 13 * 3_000 : 100;

    // Places that only rise mean that no record is there twice.
    private void AssertOrder(IReadOnlyList<WireRecord> found)
    {
        int last = -1;
        foreach (WireRecord record in found)
        {
            Assert.True(_placeOfSent.TryGetValue(record.Value ?? "", out int place),
                $"{topic}-{partition}: nobody sent what is at offset {record.Offset}: {record.Value}");
            Assert.True(place > last,
                $"{topic}-{partition}: record {place} at offset {record.Offset} follows record {last}: doubled or out of order.");
            last = place;
        }
    }
}
