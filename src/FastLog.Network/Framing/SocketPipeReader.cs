using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace FastLog.Network;

/// <summary>
/// A <see cref="PipeReader"/> that receives from a socket straight into pooled blocks.
/// </summary>
/// <remarks>
/// <para>There is no second task and no hop between threads: the reading task itself waits for the socket.</para>
/// <para>Memory follows what arrived, never what a size field says: between frames only a small block is held, or a
/// medium one while receives fill their block; inside a frame the next block is as large as the rest of the frame, but
/// no larger than what is buffered already (or a medium block, whichever is more).</para>
/// <para>Used by one reading task; only <see cref="CancelPendingRead"/> may be called from elsewhere.</para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A PipeReader ends with Complete, which disposes the source.")]
public sealed class SocketPipeReader : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly Socket _socket;
    private readonly PinnedBlockPool _pool;
    private readonly SegmentStore _segments = new();
    private readonly Lock _cancelGate = new();
    private readonly Action _onReceived;
    private CancellationTokenSource _cancel = new();
    private ManualResetValueTaskSourceCore<ReadResult> _pending;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private int _minimumSize;
    private int _spaceBytes;
    private bool _wasCanceled;
    private BlockSegment? _first;
    private BlockSegment? _last;
    private int _firstStart;
    private int _lastEnd;
    private long _bufferedBytes;
    private long _bytesReceived;
    private bool _allExamined = true;
    private bool _lastReceiveFilled;
    private bool _endOfStream;
    private bool _readerCompleted;

    /// <summary>Makes a reader; the socket stays the caller's.</summary>
    public SocketPipeReader(Socket socket, PinnedBlockPool pool)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(pool);
        _socket = socket;
        _pool = pool;
        _onReceived = OnReceived;
    }

    /// <summary>All bytes received so far; may be read by any thread.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ObjectDisposedException.ThrowIf(_readerCompleted, this);
        bool canceled = TakeCancel();
        result = Result(canceled);
        return canceled || _endOfStream || !_allExamined;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out ReadResult result) ? new(result) : ReceiveAsync(1, cancellationToken);

    /// <inheritdoc/>
    protected override ValueTask<ReadResult> ReadAtLeastAsyncCore(int minimumSize, CancellationToken cancellationToken)
    {
        if (TryRead(out ReadResult result)
            && (result.IsCompleted || result.IsCanceled || result.Buffer.Length >= minimumSize))
        {
            return new(result);
        }

        return ReceiveAsync(minimumSize, cancellationToken);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (consumed.GetObject() is not BlockSegment upTo || _last is null)
        {
            _allExamined = _bufferedBytes == 0;
            return;
        }

        long end = _last.RunningIndex + _lastEnd;
        long consumedIndex = upTo.RunningIndex + consumed.GetInteger();
        _allExamined = examined.GetObject() is BlockSegment seen && seen.RunningIndex + examined.GetInteger() == end;
        _bufferedBytes = end - consumedIndex;
        Invariant.Check(_bufferedBytes >= 0, "more was consumed than was there");
        ReleaseBefore(upTo, consumed.GetInteger());
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        lock (_cancelGate)
        {
            if (!_readerCompleted)
            {
                _cancel.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (_cancelGate)
        {
            if (_readerCompleted)
            {
                return;
            }

            _readerCompleted = true;
            _cancel.Dispose();
        }

        while (_first is not null)
        {
            ReleaseFirst();
        }

        _bufferedBytes = 0;
    }

    /// <summary>
    /// Receives until <paramref name="minimumSize"/> bytes are buffered. Written by hand: the box of an async method is
    /// allocated, or pooled with misses, for each read that has to wait.
    /// </summary>
    private ValueTask<ReadResult> ReceiveAsync(int minimumSize, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _minimumSize = minimumSize;
        _pending.Reset();
        var result = new ValueTask<ReadResult>(this, _pending.Version);
        Receive();
        return result;
    }

    /// <summary>Receives until there is enough or the socket has no more; ends the pending read in the former case.
    /// </summary>
    private void Receive()
    {
        try
        {
            do
            {
                Memory<byte> space = FreeSpace(Math.Max(1, _minimumSize - _bufferedBytes));
                _spaceBytes = space.Length;
#pragma warning disable CA2012 // The awaiter is consumed once, by TakeReceived.
                _receive = _socket.ReceiveAsync(space, SocketFlags.None, _cancel.Token)
                    .ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                if (!_receive.IsCompleted)
                {
                    _receive.UnsafeOnCompleted(_onReceived);
                    return;
                }
            }
            while (TakeReceived());
            _pending.SetResult(Result(_wasCanceled));
        }
#pragma warning disable CA1031 // Whatever it is belongs to whoever awaits the read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _pending.SetException(e);
        }
    }

    private void OnReceived()
    {
        bool goesOn;
        try
        {
            goesOn = TakeReceived();
        }
#pragma warning disable CA1031 // Whatever it is belongs to whoever awaits the read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _pending.SetException(e);
            return;
        }

        if (goesOn)
        {
            Receive();
        }
        else
        {
            _pending.SetResult(Result(_wasCanceled));
        }
    }

    /// <summary>Takes the result of a receive in; true when more is needed.</summary>
    private bool TakeReceived()
    {
        int received;
        _wasCanceled = false;
        try
        {
            received = _receive.GetResult();
        }
        catch (OperationCanceledException) when (TakeCancel())
        {
            _wasCanceled = true;
            ReleaseUnused();
            return false;
        }

        if (received == 0)
        {
            _endOfStream = true;
            ReleaseUnused();
            return false;
        }

        Show(received, filled: received == _spaceBytes);
        _allExamined = false;
        return _bufferedBytes < _minimumSize;
    }

    private Memory<byte> FreeSpace(long missingBytes)
    {
        if (_bufferedBytes == 0 && _lastReceiveFilled && _last?.Block?.Capacity < PinnedBlockPool.MediumBytes)
        {
            ReleaseFirst();
        }

        if (_last?.Block is { } block)
        {
            int free = block.Capacity - _lastEnd;
            if (free >= Math.Min(missingBytes, Math.Max(1, block.Capacity / 16)))
            {
                return block.Memory[_lastEnd..];
            }
        }

        AppendBlock(_pool.RentBlock(NextBlockBytes(missingBytes)));
        return _last!.Block!.Memory;
    }

    private int NextBlockBytes(long missingBytes)
    {
        int floor = _lastReceiveFilled ? PinnedBlockPool.MediumBytes : PinnedBlockPool.SmallBytes;
        if (_bufferedBytes == 0)
        {
            return floor;
        }

        long ceiling = Math.Max(PinnedBlockPool.MediumBytes, _bufferedBytes);
        int wanted = PinnedBlockPool.RoundUp((int)Math.Min(missingBytes, PinnedBlockPool.LargestPooledBytes));
        while (wanted > ceiling)
        {
            wanted /= 4;
        }

        return Math.Max(floor, wanted);
    }

    private void AppendBlock(PinnedBlock block)
    {
        BlockSegment segment = _segments.Rent();
        segment.Take(block, default, _last is null ? 0 : _last.RunningIndex + _lastEnd);
        _last?.LinkTo(segment);
        _last = segment;
        _first ??= segment;
        _lastEnd = 0;
    }

    private void Show(int received, bool filled)
    {
        Debug.Assert(_last?.Block is not null, "a receive has a block to go to");
        _lastEnd += received;
        _last.Show(_last.Block.Memory[.._lastEnd]);
        _bufferedBytes += received;
        _lastReceiveFilled = filled;
        Volatile.Write(ref _bytesReceived, _bytesReceived + received);
    }

    private void ReleaseBefore(BlockSegment upTo, int start)
    {
        while (_first != upTo)
        {
            Invariant.Check(_first is not null, "a position from another buffer was consumed");
            ReleaseFirst();
        }

        _firstStart = start;
        if (_first != _last && start == _first.Memory.Length)
        {
            ReleaseFirst();
        }

        if (_bufferedBytes == 0)
        {
            ReleaseUnused();
        }
    }

    private void ReleaseFirst()
    {
        BlockSegment first = _first!;
        _first = first.NextSegment;
        _firstStart = 0;
        if (_first is null)
        {
            _last = null;
            _lastEnd = 0;
        }

        _segments.Return(first);
    }

    /// <summary>Gives everything up when nothing is buffered, but for one small block.</summary>
    private void ReleaseUnused()
    {
        if (_bufferedBytes > 0)
        {
            return;
        }

        while (_first is not null && (_first != _last || !IsWorthKeeping(_first.Block!)))
        {
            ReleaseFirst();
        }

        _firstStart = 0;
        _lastEnd = 0;
        _first?.Show(default);
    }

    /// <summary>A block that a response frame still looks at must not be received into from its start.</summary>
    private static bool IsWorthKeeping(PinnedBlock block) =>
        block.Capacity <= PinnedBlockPool.SmallBytes && !block.IsShared;

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _pending.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _pending.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pending.OnCompleted(continuation, state, token, flags);

    private ReadResult Result(bool canceled)
    {
        ReadOnlySequence<byte> buffer = _bufferedBytes == 0
            ? ReadOnlySequence<byte>.Empty
            : new(_first!, _firstStart, _last!, _last!.Memory.Length);
        return new ReadResult(buffer, canceled, _endOfStream);
    }

    private bool TakeCancel()
    {
        if (!_cancel.IsCancellationRequested)
        {
            return false;
        }

        lock (_cancelGate)
        {
            _cancel.Dispose();
            _cancel = new CancellationTokenSource();
        }

        return true;
    }
}
