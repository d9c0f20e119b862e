using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <content>What takes records away by itself: retention and compaction; and damage, which must take nothing else away.</content>
internal sealed partial class FuzzedLog
{
    private bool _isBeingCleaned;
    private bool _isBeingRetained;

    /// <summary>Deletes old segments by time or by size. Which ones is the log's business, within the setting.</summary>
    public void Retain()
    {
        LogConfig config = Log.Config;
        bool isByTime = random.Next(2) == 0;
        long limit = isByTime ? random.Next(3000) : random.NextInt64(Log.SizeInBytes + 1);
        Log.Config = isByTime
            ? config with { RetentionMs = limit, RetentionBytes = -1 }
            : config with { RetentionMs = -1, RetentionBytes = limit };
        _isBeingRetained = true;
        stand.Directory.DeleteOldSegments([KeyValuePair.Create(Log.Partition, Model.DurableEndOffset)]);
        _isBeingRetained = false;
        Log.Config = config;

        long start = Log.LogStartOffset;
        Assert.InRange(start, Model.StartOffset, Math.Max(Model.StartOffset, Model.DurableEndOffset));
        List<LogModel.Batch> gone = Model.Batches.FindAll(batch => batch.LastOffset < start);
        Model.AdvanceStart(start);
        if (gone.Count == 0)
            return;
        if (isByTime)
            Assert.All(gone, batch => Assert.True(stand.Clock.NowMs - MaxTimestampOf(batch) > limit, "a record went too early"));
        else
            Assert.True(Log.SizeInBytes >= limit, "less is left than retention.bytes");
    }

    /// <summary>Compacts what is durable. Each key's newest record stays at its offset, and nothing beyond is touched.</summary>
    public void Compact()
    {
        CleanerOptions options = new() { DedupeBufferBytes = random.Next(3) == 0 ? 24 * 8 : 1 << 16, IoBufferBytes = 64 };
        _isBeingCleaned = true;
        CleanerRun run = stand.Directory.Clean(Log, Model.DurableEndOffset, options);
        _isBeingCleaned = false;
        List<byte[]> found = LogStand.ReadAll(Log);
        CheckCleaned(found);
        HashSet<string> keys = [];
        foreach (StoredRecord record in CompactionRecords.Of(found).Where(record => record.Offset >= Log.LogStartOffset && record.Offset < run.EndOffset))
            Assert.True(keys.Add(record.Key), $"log {number}: {record.Key} is there twice below {run.EndOffset}, {run}");
        Model.AdoptBatches(found);
    }

    /// <summary>
    /// Turns one bit of a durable batch while the log is closed: the batch is never served, all others are, and once the
    /// bit is back everything is as it was.
    /// </summary>
    public async Task Damage()
    {
        LogModel.Batch batch = Model.Batches[random.Next(Model.Batches.Count)];
        ReadResult read = Log.Read(Math.Max(batch.BaseOffset, Model.StartOffset), 1, long.MaxValue, atLeastOneBatch: true);
        (string path, int position) = (read.Lease!.File.Path, (int)read.Position);
        read.Lease.Dispose();
        // Base offset and leader epoch are covered by no CRC.
        int place = random.Next(RecordBatchHeader.MagicOffset, batch.Bytes.Length);
        int bit = random.Next(8);
        await stand.Directory.DisposeAsync();
        stand.Simulation!.FlipBit(path, position + place, bit);
        try
        {
            stand.Start();
            ReadAroundDamage(batch);
        }
        catch (LogCorruptException)
        {
            // The last segment's end cannot be told: the log is not opened, and so not served.
        }
        await stand.Directory.DisposeAsync();
        stand.Simulation.FlipBit(path, position + place, bit);
        stand.Start();
    }

    private void ReadAroundDamage(LogModel.Batch damaged)
    {
        foreach (LogModel.Batch batch in Model.Batches)
        {
            ReadResult read = Log.Read(Math.Max(batch.BaseOffset, Model.StartOffset), 1, long.MaxValue, atLeastOneBatch: true);
            byte[]? bytes = LogStand.Take(read);
            if (batch == damaged)
                Assert.Equal((ReadStatus.Corrupt, null), (read.Status, bytes));
            else if (bytes is not null)
                Assert.Equal(batch.Bytes, bytes);
            else
                Assert.Equal(ReadStatus.Corrupt, read.Status);
        }
    }

    // Stopped in the middle, either may be done in part: what is there must still be what could be there.
    private void AdoptInterrupted()
    {
        if (_isBeingCleaned)
        {
            List<byte[]> found = LogStand.ReadAll(Log);
            CheckCleaned(found);
            Model.AdoptBatches(found);
            Before.AdoptBatches(found);
        }
        if (_isBeingRetained)
        {
            long start = Log.LogStartOffset;
            Assert.InRange(start, Before.StartOffset, Math.Max(Before.StartOffset, Before.DurableEndOffset));
            Model.AdvanceStart(start);
            Before.AdvanceStart(start);
        }
        _isBeingCleaned = _isBeingRetained = false;
    }

    // A record may be gone only if a newer durable one has its key, or if it was not durable at all.
    private void CheckCleaned(List<byte[]> found)
    {
        List<StoredRecord> old = CompactionRecords.Of(Before.Batches.Select(batch => batch.Bytes));
        Dictionary<string, long> newest = [];
        foreach (StoredRecord record in old.Where(record => record.Offset < Before.DurableEndOffset))
            newest[record.Key] = record.Offset;
        Dictionary<long, (string, string?, long)> there =
            CompactionRecords.Of(found).ToDictionary(record => record.Offset, record => (record.Key, record.Value, record.TimestampMs));
        foreach (StoredRecord record in old)
        {
            if (there.Remove(record.Offset, out (string, string?, long) same))
                Assert.Equal((record.Key, record.Value, record.TimestampMs), same);
            else
                Assert.True(record.Offset >= Before.DurableEndOffset || newest[record.Key] > record.Offset, $"log {number}: {record} is gone");
        }
        Assert.True(there.Count == 0, $"log {number}: records that were never written");
    }

    private static long MaxTimestampOf(LogModel.Batch batch)
    {
        RecordBatchHeader.TryRead(batch.Bytes, out RecordBatchHeader header);
        return header.MaxTimestamp;
    }
}
