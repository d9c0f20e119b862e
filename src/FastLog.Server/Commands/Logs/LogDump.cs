using FastLog.Records;
using FastLog.Storage;
using FastLog.Storage.Inspection;

namespace FastLog.Server.Commands;

/// <summary>What of a directory is wanted.</summary>
/// <param name="WithRecords">Records too, not only batches.</param>
/// <param name="FromOffset">What ends before this offset is left out.</param>
/// <param name="BatchesMax">Most batches of a partition.</param>
/// <param name="Wants">Whether files of a kind are wanted.</param>
internal sealed record LogDumpOptions(bool WithRecords, long FromOffset, long BatchesMax, Func<string, bool> Wants);

/// <summary>Prints what the files of a data directory hold, file by file, in the order of their names and offsets.</summary>
internal sealed class LogDump(PosixFileSystem files, LogDumpOptions options, DumpOutput output, CancellationToken cancellation)
{
    private readonly BatchDump _batches = new(options, output);

    /// <summary>Prints a log directory with all its partitions, or one partition's directory.</summary>
    public void Run(string directory)
    {
        if (!files.DirectoryExists(directory))
        {
            throw new DirectoryNotFoundException(
                files.FileExists(directory)
                    ? $"{directory}: is a file; give its directory, and --from-offset to begin at a segment"
                    : $"{directory}: no such directory");
        }

        if (!LogVerifier.IsLogDirectory(files, directory))
        {
            DumpPartition(directory);
            return;
        }

        DumpCheckpoints(directory);
        foreach (var name in files.ListDirectories(directory).Order(StringComparer.Ordinal))
        {
            if (TopicPartition.TryParse(name, out _))
            {
                DumpPartition(Path.Combine(directory, name));
            }
        }
    }

    private void DumpCheckpoints(string directory)
    {
        if (!options.Wants("checkpoint"))
        {
            return;
        }

        output.Begin("directory");
        output.Add("path", directory);
        output.Add("clusterId", MetaProperties.Read(files, directory)?.ClusterId);
        output.AddIf("cleanShutdown", CheckpointReader.HasCleanShutdown(files, directory));
        output.End();
        foreach (var name in CheckpointReader.OffsetCheckpointNames)
        {
            var path = Path.Combine(directory, name);
            foreach (var (partition, offset) in CheckpointReader.ReadOffsets(files, path).OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal))
            {
                output.Begin("checkpoint");
                output.Add("file", name);
                output.Add("topic", partition.Topic);
                output.Add("partition", partition.Partition);
                output.Add("offset", offset);
                output.End();
            }
        }
    }

    private void DumpPartition(string directory)
    {
        var partition = PartitionFiles.List(files, directory);
        if (options.Wants("checkpoint"))
        {
            DumpPartitionCheckpoints(directory);
        }

        foreach (var snapshot in partition.MetadataSnapshots.Where(_ => options.Wants("log")))
        {
            DumpBatches(Path.Combine(directory, snapshot), long.MaxValue);
        }

        var left = options.BatchesMax;
        for (var i = 0; i < partition.BaseOffsets.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var nextBase = i + 1 < partition.BaseOffsets.Count ? partition.BaseOffsets[i + 1] : long.MaxValue;
            if (nextBase > options.FromOffset)
            {
                left -= DumpSegment(partition, partition.BaseOffsets[i], left);
            }
        }

        foreach (var offset in partition.ProducerSnapshotOffsets.Where(offset => options.Wants("snapshot") && offset >= options.FromOffset))
        {
            EntryDump.Producers(output, files, partition.PathOf(offset, ".snapshot"));
        }
    }

    private void DumpPartitionCheckpoints(string directory)
    {
        output.Begin("partition");
        output.Add("path", directory);
        output.Add("topicId", CheckpointReader.ReadTopicId(files, directory) is { } id ? UuidText.Format(id) : null);
        output.End();
        foreach (var (epoch, startOffset) in CheckpointReader.ReadLeaderEpochs(files, directory))
        {
            output.Begin("leaderEpoch");
            output.Add("epoch", epoch);
            output.Add("startOffset", startOffset);
            output.End();
        }
    }

    private long DumpSegment(PartitionFiles partition, long baseOffset, long batchesMax)
    {
        if (options.Wants("index"))
        {
            EntryDump.Offsets(output, files, partition.PathOf(baseOffset, ".index"), baseOffset, options.FromOffset);
        }

        if (options.Wants("timeindex"))
        {
            EntryDump.Times(output, files, partition.PathOf(baseOffset, ".timeindex"), baseOffset, options.FromOffset);
        }

        if (options.Wants("txnindex"))
        {
            EntryDump.Aborted(output, files, partition.PathOf(baseOffset, ".txnindex"), options.FromOffset);
        }

        return options.Wants("log") ? DumpBatches(partition.PathOf(baseOffset, ".log"), batchesMax) : 0;
    }

    private long DumpBatches(string path, long batchesMax)
    {
        using var batches = new BatchFileReader(files, path);
        EntryDump.File(output, path, batches.SizeInBytes);
        long shown = 0;
        while (shown < batchesMax && Next(batches))
        {
            cancellation.ThrowIfCancellationRequested();
            if (batches.Header.LastOffset >= options.FromOffset)
            {
                _batches.Write(batches);
                shown++;
            }
        }

        return shown;
    }

    // Bytes that are no batch get a line, and the next sound batch is looked for.
    private bool Next(BatchFileReader batches)
    {
        while (!batches.MoveNext())
        {
            if (batches.Problem is null)
            {
                return false;
            }

            output.Begin("broken");
            output.Add("position", batches.NextPosition);
            output.Add("problem", batches.Problem);
            output.End();
            if (!batches.TryResync())
            {
                return false;
            }
        }

        return true;
    }
}
