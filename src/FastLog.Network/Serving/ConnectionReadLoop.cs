using System.Buffers;
using System.IO.Pipelines;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Network;

/// <summary>Reads the frames of one connection and hands them to the processor, one pass per receive.</summary>
internal sealed class ConnectionReadLoop(Connection connection, ServingContext context, SocketPipeReader reader)
{
    /// <summary>A frame up to this size is charged when it is whole; a longer one as its bytes arrive.</summary>
    private const int ChargedOnArrivalBytesMin = PinnedBlockPool.MediumBytes;

    /// <summary>A long frame is looked at again after so many bytes, to charge them.</summary>
    private const int ArrivalStepBytes = PinnedBlockPool.LargestPooledBytes;

    /// <summary>After so many bytes in a row that were there at once the other connections of the thread get their turn.</summary>
    private const long FairShareBytes = 4 * 1024 * 1024;

    private readonly ResponseQueue _queue = connection.Queue;
    private readonly PoolHop _hop = new();
    private long _turnStartBytes;
    private long _countedBytes;
    private long _partialBytes;
    private int _needed = 1;
    private NetworkMetrics? _metrics;
    private long _passStarted;

    public long BytesReceived => reader.BytesReceived;

    private enum PassEnd
    {
        NeedsBytes,
        NeedsRoom,
        Stop,
    }

    /// <summary>Runs until the peer closes, the connection drains or something is wrong.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            ValueTask<ReadResult> read = reader.ReadAtLeastAsync(_needed);
            if (!read.IsCompleted)
            {
                _turnStartBytes = reader.BytesReceived;
            }

            ReadResult result = await read.ConfigureAwait(false);
            if (reader.BytesReceived - _turnStartBytes > FairShareBytes)
            {
                _turnStartBytes = reader.BytesReceived;
                await _hop;
            }

            if (result.IsCanceled)
            {
                return;
            }

            ReadOnlySequence<byte> buffer = result.Buffer;
            PassEnd end = RunPass(ref buffer);
            if (end == PassEnd.NeedsRoom)
            {
                reader.AdvanceTo(buffer.Start);
                await _queue.WaitForRoomAsync().ConfigureAwait(false);
                continue;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (end == PassEnd.Stop || result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Ends a wait for bytes.</summary>
    public void Stop() => reader.CancelPendingRead();

    /// <summary>Gives up what was received of an unfinished frame. Only after the loop has ended.</summary>
    public void ReleaseBlocks()
    {
        reader.Complete();
        context.Budget.Release(_partialBytes);
        _partialBytes = 0;
    }

    private PassEnd RunPass(ref ReadOnlySequence<byte> buffer)
    {
        int requests = 0;
        _metrics = context.Metrics;
        _passStarted = _metrics?.Now() ?? 0;
        _queue.BeginPass();
        try
        {
            PassEnd end = TakeFrames(ref buffer, ref requests);
            context.Processor.OnPassCompleted(connection);
            return end;
        }
        finally
        {
            _queue.EndPass();
            long received = reader.BytesReceived;
            context.Counters.CountPass(requests, received - _countedBytes);
            _countedBytes = received;
        }
    }

    private PassEnd TakeFrames(ref ReadOnlySequence<byte> buffer, ref int requests)
    {
        while (true)
        {
            ReadOnlySequence<byte> rest = buffer;
            FrameStatus status = FrameDecoder.TryTake(
                ref rest, context.Options.SocketRequestBytesMax, out ReadOnlySequence<byte> frame, out int sizeBytes);
            if (status == FrameStatus.BadSize)
            {
                connection.Drain(
                    $"a request of {sizeBytes} bytes is not between 0 and {context.Options.SocketRequestBytesMax}",
                    LogLevel.Warning,
                    null);
                return PassEnd.Stop;
            }

            if (status == FrameStatus.Incomplete)
            {
                return AwaitRest(buffer.Length, sizeBytes);
            }

            switch (Charge(sizeBytes))
            {
                case Admission.Wait:
                    return PassEnd.NeedsRoom;
                case Admission.Stopped:
                    return PassEnd.Stop;
            }

            requests++;
            if (!Process(frame))
            {
                return PassEnd.Stop;
            }

            buffer = rest;
        }
    }

    /// <summary>Notes what the unfinished frame takes and how many bytes are worth waking up for.</summary>
    private PassEnd AwaitRest(long arrivedBytes, int sizeBytes)
    {
        if (sizeBytes <= ChargedOnArrivalBytesMin)
        {
            _needed = FrameDecoder.SizeFieldBytes + sizeBytes;
            return PassEnd.NeedsBytes;
        }

        if (_partialBytes == 0)
        {
            switch (_queue.TryCharge(arrivedBytes))
            {
                case Admission.Wait:
                    return PassEnd.NeedsRoom;
                case Admission.Stopped:
                    return PassEnd.Stop;
            }
        }
        else
        {
            // Admitted once, a frame may go on to its end: pausing it would keep its memory and help nobody.
            context.Budget.Charge(arrivedBytes - _partialBytes);
        }

        _partialBytes = arrivedBytes;
        long frameEnd = (long)FrameDecoder.SizeFieldBytes + sizeBytes;
        _needed = (int)Math.Min(frameEnd, arrivedBytes + ArrivalStepBytes);
        return PassEnd.NeedsBytes;
    }

    private Admission Charge(int sizeBytes)
    {
        if (_partialBytes == 0)
        {
            return _queue.TryCharge(sizeBytes);
        }

        context.Budget.Charge(sizeBytes - _partialBytes);
        _partialBytes = 0;
        return Admission.Admitted;
    }

    /// <summary>Hands one frame, which was charged, to the processor.</summary>
    private bool Process(in ReadOnlySequence<byte> frame)
    {
        PendingResponse response = context.RentResponse();
        if (!_queue.TryAdd(response, frame.Length))
        {
            context.Budget.Release(frame.Length);
            context.Recycle(response);
            return false;
        }

        if (_passStarted != 0)
        {
            response.Times.Begin(_metrics!.Of(frame), _passStarted);
        }

        try
        {
            context.Processor.Process(connection, frame, response);
            return true;
        }
#pragma warning disable CA1031 // Whatever a processor throws ends this connection and no other.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _queue.Abandon(response);
            string reason = e is ProtocolException ? e.Message : "request failed: " + e.Message;
            connection.Drain(reason, ConnectionFailure.LevelOf(e), ConnectionFailure.Trace(e));
            return false;
        }
    }
}
