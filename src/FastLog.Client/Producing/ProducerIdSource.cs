using FastLog.Protocol;
using FastLog.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>The producer id of an idempotent producer: asked for when first needed, and anew when its epochs are used up.
/// </summary>
internal sealed class ProducerIdSource(ClusterClient cluster, ProducerOptions options, Action onAnswer)
{
    private readonly Lock _gate = new();
    private long _producerId = SequenceAssignment.None.ProducerId;
    private short _epoch;
    private bool _isAsking;
    private KafkaException? _failure;

    /// <summary>Why there is no id and never will be, or null.</summary>
    public KafkaException? Failure => Volatile.Read(ref _failure);

    /// <summary>The id and its first epoch; false when it has to be waited for.</summary>
    public bool TryGet(out long producerId, out short epoch)
    {
        lock (_gate)
        {
            producerId = _producerId;
            epoch = _epoch;
            if (producerId != SequenceAssignment.None.ProducerId)
            {
                return true;
            }

            if (!_isAsking && _failure is null)
            {
                _isAsking = true;
                _ = Task.Run(AskAsync);
            }

            return false;
        }
    }

    /// <summary>The epochs of an id are used up; a new one is asked for unless somebody did so already.</summary>
    public void Retire(long producerId)
    {
        lock (_gate)
        {
            if (_producerId == producerId)
            {
                _producerId = SequenceAssignment.None.ProducerId;
            }
        }
    }

    private async Task AskAsync()
    {
        RetryBackoff backoff = RetryBackoff.From(options);
        long startedAt = options.TimeProvider.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            try
            {
                Take(await AskOnceAsync().ConfigureAwait(false));
                break;
            }
            catch (Exception e) when (e is KafkaException or ObjectDisposedException)
            {
                options.Logger.LogDebug("no producer id yet: {Reason}", e.Message);
                bool isInTime = options.TimeProvider.GetElapsedTime(startedAt).TotalMilliseconds < options.DeliveryTimeoutMs;
                if (e is not KafkaException { IsRetriable: true } || !isInTime)
                {
                    Fail(e as KafkaException ?? new KafkaException(ErrorCode.NetworkException, e.Message, e));
                    break;
                }
            }

            await Task.Delay(backoff.After(failures), options.TimeProvider).ConfigureAwait(false);
        }

        onAnswer();
    }

    private async Task<InitProducerIdResponse> AskOnceAsync()
    {
        BrokerConnection connection = await cluster.AnyBrokerAsync(CancellationToken.None).ConfigureAwait(false);
        InitProducerIdRequest request = new() { TransactionalId = null, TransactionTimeoutMs = int.MaxValue };
        InitProducerIdResponse response =
            await connection.RequestAsync(request, CancellationToken.None).ConfigureAwait(false);
        return response.ErrorCode == ErrorCode.None
            ? response
            : throw KafkaException.For(response.ErrorCode, "no producer id");
    }

    private void Take(InitProducerIdResponse response)
    {
        lock (_gate)
        {
            _producerId = response.ProducerId;
            _epoch = response.ProducerEpoch;
            _isAsking = false;
        }
    }

    private void Fail(KafkaException failure)
    {
        lock (_gate)
        {
            Volatile.Write(ref _failure, failure);
            _isAsking = false;
        }
    }
}
