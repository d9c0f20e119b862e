using System.Buffers;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>What the fetchers ask and bring.</content>
public sealed partial class Consumer
{
    /// <summary>Lists the partitions that can be fetched from a broker now.</summary>
    internal void CollectFetchable(int nodeId, List<FetchAsk> into)
    {
        long now = Options.TimeProvider.GetTimestamp();
        lock (_gate)
        {
            foreach ((_, AssignedPartition partition) in _assigned)
            {
                if (partition.IsFetchableFrom(nodeId, now))
                {
                    into.Add(new FetchAsk(partition, partition.Generation, partition.FetchOffset));
                }
            }
        }

        Rotate(into, _fetchTurn++);
    }

    internal void OnFetched(
        FetchedFrame frame,
        in FetchAsk asked,
        (long Offset, int LeaderEpoch) next,
        in ReadOnlySequence<byte> wholeBatches,
        FetchResponse.PartitionData data)
    {
        bool isReadable;
        lock (_gate)
        {
            if (_isDisposed || !asked.IsCurrent)
            {
                return;
            }

            AssignedPartition partition = asked.Partition;
            partition.HighWatermark = data.HighWatermark;
            partition.Failures = 0;
            isReadable = !wholeBatches.IsEmpty;
            if (isReadable)
            {
                FetchedRecords records = _spares.TryPop(out FetchedRecords? spare) ? spare : new FetchedRecords(this);
                next.Offset = Math.Max(next.Offset, partition.FetchOffset);
                records.Fill(frame, partition, next, wholeBatches, data);
                partition.OnFetched(next.Offset);
                _fetched.Enqueue(records);
            }
        }

        if (isReadable)
        {
            _readable.Set();
        }
    }

    internal void OnFetchError(in FetchAsk asked, ErrorCode error)
    {
        lock (_gate)
        {
            if (!asked.IsCurrent)
            {
                return;
            }

            AssignedPartition partition = asked.Partition;
            if (error == ErrorCode.OffsetOutOfRange && Options.OffsetReset != OffsetReset.None)
            {
                partition.ResetTo(
                    Options.OffsetReset == OffsetReset.Earliest ? StartPosition.Earliest : StartPosition.Latest);
            }
            else if (error == ErrorCode.CorruptMessage)
            {
                // Retriable for a producer only: what the broker has stored there will not get better.
                FailLocked(partition, KafkaException.For(
                    error, partition.Name.ToString(), $"the broker's log is damaged at offset {partition.FetchOffset} or behind it"));
            }
            else if (error.IsRetriable())
            {
                partition.Failures++;
                TimeSpan pause = RetryBackoff.From(Options).After(partition.Failures);
                partition.NotBefore = Options.TimeProvider.GetTimestamp()
                    + (long)(pause.TotalSeconds * Options.TimeProvider.TimestampFrequency);
            }
            else
            {
                FailLocked(partition, KafkaException.For(error, partition.Name.ToString()));
            }
        }

        OnLeadersStale();
        _readable.Set();
    }

    internal void Fail(in FetchAsk asked, KafkaException error)
    {
        lock (_gate)
        {
            if (asked.IsCurrent)
            {
                FailLocked(asked.Partition, error);
            }
        }

        _readable.Set();
    }

    internal void Fail(List<FetchAsk> partitions, KafkaException error)
    {
        foreach (FetchAsk asked in partitions)
        {
            Fail(asked, error);
        }
    }

    internal void TakeBack(FetchedRecords records, AssignedPartition partition)
    {
        bool isCut;
        lock (_gate)
        {
            isCut = TakeBackLocked(records, partition);
            if (!_isDisposed)
            {
                _spares.Push(records);
                records = null!;
            }
        }

        records?.ReleaseBuffers();
        if (isCut)
        {
            OnChange();
        }
    }

    /// <summary>Takes note of how much was taken; true when reading goes back to what was not.</summary>
    private bool TakeBackLocked(FetchedRecords records, AssignedPartition partition)
    {
        bool isCut = partition.TakeBack(records);
        bool isProcessed = partition.Progress is { } progress && (isCut
            ? progress.CutBack(records.LoanNumber, records.TakenUntil)
            : progress.GiveBack(records.LoanNumber));
        if (isProcessed)
        {
            _toConfirm.Add(partition.Progress!);
        }

        return isCut;
    }

    private void FailLocked(AssignedPartition partition, KafkaException error)
    {
        partition.HasFailed = true;
        _errors.Enqueue(error);
    }

    /// <summary>A fetch answers its first partitions first when there is more than fits; each comes first in turn.</summary>
    private static void Rotate(List<FetchAsk> partitions, uint turn)
    {
        int shift = partitions.Count < 2 ? 0 : (int)(turn % (uint)partitions.Count);
        if (shift > 0)
        {
            partitions.Reverse(0, shift);
            partitions.Reverse(shift, partitions.Count - shift);
            partitions.Reverse();
        }
    }
}
