using System.Buffers;
using System.IO.Pipelines;

namespace FastLog.Network;

// The two loops: one sends what is queued, one matches what is received.
public sealed partial class OutgoingConnection
{
    private const int CorrelationIdBytes = 4;

    private async Task SendLoopAsync()
    {
        while (_queue.Failure is null)
        {
            await _senderWake.WaitAsync().ConfigureAwait(false);
            for (bool isCallersBatch = true; _queue.TakeUnsent(_batch, _batchOneWay); isCallersBatch = false)
            {
                if (!isCallersBatch)
                {
                    // The caller lent its thread for its own request, not for those that others queue meanwhile.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                await SendBatchAsync().ConfigureAwait(false);
            }

            _output.Release();
        }
    }

    private async ValueTask SendBatchAsync()
    {
        ConnectionLostException? failure = null;
        try
        {
            foreach (FrameOutput frame in _batch)
            {
                await _gathered.AppendAsync(frame).ConfigureAwait(false);
            }

            await _gathered.FlushAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // However the socket fails, the connection is over and its requests have to know.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = Lost(e.Message, e);
            _gathered.Clear();
            Fail(failure);
        }

        foreach (FrameOutput frame in _batch)
        {
            ReturnFrame(frame);
        }

        _batch.Clear();
        EndOneWay(failure);
    }

    private void EndOneWay(ConnectionLostException? failure)
    {
        foreach (PendingRequest request in _batchOneWay)
        {
            if (failure is null)
            {
                request.Succeed(null);
            }
            else
            {
                request.Fail(failure);
            }
        }

        _batchOneWay.Clear();
    }

    private async Task ReadLoopAsync()
    {
        try
        {
            int needed = FrameDecoder.SizeFieldBytes;
            while (true)
            {
                ReadResult result = await _reader.ReadAtLeastAsync(needed).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                if (_options.ContinuesOnReadLoop)
                {
                    _queue.Hold();
                }

                needed = TakeResponses(ref buffer);
                _reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    Fail(Lost("the peer closed the connection", null));
                    break;
                }

                if (_queue.TryResumeSending())
                {
                    _senderWake.Set();
                }
            }
        }
#pragma warning disable CA1031 // However the socket fails, the connection is over and its requests have to know.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e as ConnectionLostException ?? Lost(e.Message, e));
        }

        await _reader.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Hands out the whole responses; returns how many bytes are needed for the next one.</summary>
    private int TakeResponses(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            FrameStatus status = FrameDecoder.TryTake(
                ref buffer, _options.ResponseBytesMax, out ReadOnlySequence<byte> frame, out int sizeBytes);
            if (status == FrameStatus.Incomplete)
            {
                return FrameDecoder.SizeFieldBytes + sizeBytes;
            }

            if (status == FrameStatus.BadSize || sizeBytes < CorrelationIdBytes)
            {
                throw Lost($"a response of {sizeBytes} bytes cannot be", null);
            }

            PendingRequest request = _queue.TakeAnswered() ?? throw Lost("a response without a request", null);
            int correlationId = ReadCorrelationId(frame);
            if (correlationId != request.CorrelationId)
            {
                ConnectionLostException mismatch = Lost(
                    $"a response has correlation id {correlationId} where {request.CorrelationId} is due", null);
                request.Fail(mismatch);
                throw mismatch;
            }

            request.Succeed(ResponseFrame.Retain(frame));
        }
    }

    private static int ReadCorrelationId(in ReadOnlySequence<byte> frame)
    {
        var reader = new SequenceReader<byte>(frame);
        reader.TryReadBigEndian(out int correlationId);
        return correlationId;
    }
}
