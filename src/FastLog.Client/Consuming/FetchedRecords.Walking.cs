using System.Buffers;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client;

/// <content>Walking batches and records.</content>
public sealed partial class FetchedRecords
{
    private ConsumerOptions Options => _consumer.Options;

    /// <summary>The batch at <paramref name="position"/> in one piece: where it lies, or joined from several blocks.</summary>
    private ReadOnlySpan<byte> BatchAt(long position)
    {
        ReadOnlySequence<byte> rest = _bytes.Slice(position);
        bool hasHeader = RecordBatchHeader.TryRead(rest, out RecordBatchHeader header);
        Invariant.Check(hasHeader, "only whole batches are kept of a fetch");
        ReadOnlySequence<byte> batch = rest.Slice(0, header.TotalSizeInBytes);
        if (batch.IsSingleSegment)
        {
            return batch.FirstSpan;
        }

        _joined.Clear();
        foreach (ReadOnlyMemory<byte> piece in batch)
        {
            _joined.Write(piece.Span);
        }

        return _joined.WrittenSpan;
    }

    private KafkaException Corrupt(long offset, string reason, Exception? cause = null) =>
        new(ErrorCode.CorruptMessage, $"{Topic}-{Partition}: the batch at offset {offset} is corrupt: {reason}", cause);

    private RecordBatchView Check(ReadOnlySpan<byte> bytes)
    {
        RecordBatchView batch;
        try
        {
            batch = new RecordBatchView(bytes);
        }
        catch (RecordFormatException e)
        {
            throw Corrupt(NextOffset, e.Message, e);
        }

        return !Options.CheckCrcs || batch.IsCrcValid
            ? batch
            : throw Corrupt(batch.Header.BaseOffset, "its CRC does not match");
    }

    private RecordEnumerator Unpack(RecordBatchView batch)
    {
        try
        {
            return batch.Records(_unpacked, Options.DecompressedBatchBytesMax);
        }
        catch (RecordFormatException e)
        {
            throw Corrupt(batch.Header.BaseOffset, e.Message, e);
        }
        catch (NotSupportedException e)
        {
            throw new KafkaException(ErrorCode.UnsupportedCompressionType, e.Message, e);
        }
    }

    private ControlRecordType MarkerOf(RecordBatchView batch)
    {
        RecordEnumerator records = Unpack(batch);
        return records.MoveNext() && ControlRecord.TryReadKey(records.Current.Key, out ControlRecordType type)
            ? type
            : throw Corrupt(batch.Header.BaseOffset, "a control batch without a control record");
    }

    /// <summary>Walks the batches with records to be shown.</summary>
    public ref struct BatchesEnumerator
    {
        private readonly FetchedRecords _fetched;
        private RecordBatchView _current;
        private long _position;

        internal BatchesEnumerator(FetchedRecords fetched)
        {
            _fetched = fetched;
            fetched._aborted.Restart();
        }

        /// <summary>The batch last moved to.</summary>
        public readonly RecordBatchView Current => _current;

        /// <summary>This enumerator, for <c>foreach</c>.</summary>
        public readonly BatchesEnumerator GetEnumerator() => this;

        /// <summary>Moves on; false after the last batch.</summary>
        public bool MoveNext()
        {
            while (_position < _fetched._bytes.Length)
            {
                RecordBatchView batch = _fetched.Check(_fetched.BatchAt(_position));
                RecordBatchHeader header = batch.Header;
                _position += header.TotalSizeInBytes;
                ControlRecordType? marker = header.IsControl ? _fetched.MarkerOf(batch) : null;
                bool isAborted = _fetched._aborted.IsAborted(header, marker);
                if (marker is null && !isAborted && header.LastOffset >= _fetched._firstOffset)
                {
                    _current = batch;
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Walks the records.</summary>
    public ref struct RecordsEnumerator
    {
        private readonly FetchedRecords _fetched;
        private BatchesEnumerator _batches;
        private RecordEnumerator _records;
        private bool _isInBatch;
        private bool _startsTooEarly;

        internal RecordsEnumerator(FetchedRecords fetched)
        {
            _fetched = fetched;
            _batches = new BatchesEnumerator(fetched);
            _records = default;
        }

        /// <summary>The record last moved to; valid until the next move.</summary>
        public readonly RecordView Current => _records.Current;

        /// <summary>Who set the timestamps of the current batch.</summary>
        public readonly TimestampType TimestampType => _batches.Current.Header.TimestampType;

        /// <summary>Moves on; false after the last record.</summary>
        public bool MoveNext()
        {
            while (true)
            {
                if (_isInBatch && MoveInBatch())
                {
                    return true;
                }

                if (!_batches.MoveNext())
                {
                    return false;
                }

                _records = _fetched.Unpack(_batches.Current);
                _isInBatch = true;
                _startsTooEarly = _batches.Current.Header.BaseOffset < _fetched._firstOffset;
            }
        }

        private bool MoveInBatch()
        {
            try
            {
                while (_records.MoveNext())
                {
                    // Few batches need the look at each offset, and a record is a large thing to copy for it.
                    if (!_startsTooEarly || _records.Current.Offset >= _fetched._firstOffset)
                    {
                        return true;
                    }
                }
            }
            catch (RecordFormatException e)
            {
                throw _fetched.Corrupt(_batches.Current.Header.BaseOffset, e.Message, e);
            }

            _isInBatch = false;
            return false;
        }
    }
}
