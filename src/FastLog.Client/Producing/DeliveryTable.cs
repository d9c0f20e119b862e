using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>Turns delivery reports into tasks for those who await single records.</summary>
internal sealed class DeliveryTable : IDeliveryHandler
{
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private TaskCompletionSource<DeliveryResult>?[] _waiting = new TaskCompletionSource<DeliveryResult>?[64];
    private int _used;

    /// <summary>A task for one record and the token to append it with.</summary>
    public Task<DeliveryResult> Add(out long token)
    {
        var delivery = new TaskCompletionSource<DeliveryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            int index = _free.TryPop(out int free) ? free : _used++;
            if (index == _waiting.Length)
            {
                Array.Resize(ref _waiting, _waiting.Length * 2);
            }

            _waiting[index] = delivery;
            token = index;
        }

        return delivery.Task;
    }

    /// <summary>The record was not appended after all.</summary>
    public void Remove(long token) => Take(token);

    /// <inheritdoc/>
    public void OnDelivered(in DeliveryReport report)
    {
        for (int i = 0; i < report.Tokens.Length; i++)
        {
            TaskCompletionSource<DeliveryResult> delivery = Take(report.Tokens[i]);
            if (report.ErrorCode == ErrorCode.None)
            {
                long offset = report.BaseOffset < 0 ? -1 : report.BaseOffset + i;
                delivery.SetResult(new DeliveryResult(report.Topic, report.Partition, offset, report.LogAppendTimeMs));
            }
            else
            {
                string subject = $"{report.Topic}-{report.Partition}";
                delivery.SetException(KafkaException.For(report.ErrorCode, subject, report.ErrorMessage));
            }
        }
    }

    private TaskCompletionSource<DeliveryResult> Take(long token)
    {
        lock (_gate)
        {
            TaskCompletionSource<DeliveryResult>? delivery = _waiting[token];
            Invariant.Check(delivery is not null, "a record was reported twice");
            _waiting[token] = null;
            _free.Push((int)token);
            return delivery;
        }
    }
}
