using Microsoft.Extensions.Logging;

namespace FastLog.Network;

/// <summary>Sends the completed responses of one connection, as many as are ready in one go.</summary>
internal sealed class ConnectionSendLoop(Connection connection, ServingContext context, SocketSendBuffer output)
{
    /// <summary>After so many responses their memory is given back, ready or not for more.</summary>
    private const int ResponsesPerSendMax = 512;

    public long BytesSent => output.BytesSent;

    public long Sends => output.Sends;

    /// <summary>Runs until the connection is closed; never throws.</summary>
    public async Task RunAsync()
    {
        ResponseQueue queue = connection.Queue;
        while (!queue.IsClosed)
        {
            await queue.WaitForReadyAsync().ConfigureAwait(false);
            while (queue.TakeReady(ResponsesPerSendMax) is { } ready)
            {
                await SendAsync(ready).ConfigureAwait(false);
                Record(ready);
                Release(ready);
            }

            output.Release();
        }
    }

    private async ValueTask SendAsync(PendingResponse first)
    {
        long sentBefore = output.BytesSent;
        try
        {
            string? closeReason = null;
            for (PendingResponse? response = first; response is not null && closeReason is null; response = response.Next)
            {
                if (response.State == ResponseState.Ready)
                {
                    await output.AppendAsync(response.Frame).ConfigureAwait(false);
                }

                closeReason = response.CloseReason;
            }

            await output.FlushAsync().ConfigureAwait(false);
            if (closeReason is not null)
            {
                connection.Close(closeReason, LogLevel.Information, null);
            }
        }
#pragma warning disable CA1031 // A socket that fails in whatever way ends this connection and no other.
        catch (Exception e)
#pragma warning restore CA1031
        {
            connection.Close(e.Message, ConnectionFailure.LevelOf(e), ConnectionFailure.Trace(e));
        }

        context.Counters.CountOut(output.BytesSent - sentBefore);
    }

    /// <summary>Notes the times of what was sent in one go: one look at the clock for all of it.</summary>
    private void Record(PendingResponse first)
    {
        if (context.Metrics is not { } metrics || metrics.Now() is not (not 0 and var sent))
        {
            return;
        }

        int count = 0;
        for (PendingResponse? response = first; response is not null; response = response.Next)
        {
            response.Times.Record(sent);
            count++;
        }

        metrics.RecordSend(count);
    }

    private void Release(PendingResponse? response)
    {
        bool drained = false;
        while (response is not null)
        {
            PendingResponse? next = response.Next;
            drained |= connection.Queue.OnReleased(response);
            connection.Recycle(response);
            response = next;
        }

        if (drained)
        {
            connection.Close("drained");
        }
    }
}
