namespace FastLog.Load.Loads;

/// <summary>What ends a load before its time: the user, or the first thing that goes wrong.</summary>
internal sealed class LoadStop : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _user;
    private readonly CancellationTokenRegistration _registration;
    private Exception? _failure;

    /// <param name="user">Cancelled when the user has seen enough.</param>
    public LoadStop(CancellationToken user)
    {
        _user = user;
        _registration = user.Register(Stop);
    }

    /// <summary>Cancelled when the load is to end.</summary>
    public CancellationToken Token => _stopping.Token;

    /// <summary>Whether it was the user.</summary>
    public bool IsInterrupted => _user.IsCancellationRequested && Volatile.Read(ref _failure) is null;

    /// <summary>Ends the load because of an error; of several the first counts. Nothing is an error any more once the load
    /// is ending. Does not wait, so that any thread may call it.</summary>
    public void Fail(Exception failure)
    {
        if (!_stopping.IsCancellationRequested && Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static stop => stop.Stop(), this, preferLocal: false);
        }
    }

    /// <summary>Throws what went wrong, if anything did.</summary>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        lock (_stopping)
        {
            _stopping.Dispose();
        }
    }

    private void Stop()
    {
        lock (_stopping)
        {
            try
            {
                _stopping.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The load has ended by itself meanwhile.
            }
        }
    }
}
