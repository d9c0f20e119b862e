using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace FastLog.Network;

// Waiting for the socket: the reader is itself the source of the pending read.
public sealed partial class SocketPipeReader : IValueTaskSource<ReadResult>
{
    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _pending.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _pending.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pending.OnCompleted(continuation, state, token, flags);

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

        Show(received);
        _allExamined = false;
        return _bufferedBytes < _minimumSize;
    }
}
