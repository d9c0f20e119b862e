namespace FastLog.Client;

/// <summary>Ends when every batch that was under way at its start has ended.</summary>
internal sealed class FlushWait
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _batchesLeft = 1;

    public Task Ended => _ended.Task;

    /// <summary>One more batch to wait for; only before <see cref="AllAdded"/>.</summary>
    public void Add() => Interlocked.Increment(ref _batchesLeft);

    /// <summary>No batch is added any more.</summary>
    public void AllAdded() => OnBatchEnded();

    public void OnBatchEnded()
    {
        if (Interlocked.Decrement(ref _batchesLeft) == 0)
        {
            _ended.SetResult();
        }
    }
}
