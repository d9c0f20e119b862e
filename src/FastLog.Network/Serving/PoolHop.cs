using System.Runtime.CompilerServices;

namespace FastLog.Network;

/// <summary>
/// Awaited, it goes on on a thread of the pool; at once when it is on one already. For what may take long or wait for
/// the disk, where completions run on the threads that watch the sockets (<see cref="SocketCompletions"/>).
/// </summary>
/// <remarks>One for each loop that awaits it: it keeps the continuation, so that a hop allocates nothing.</remarks>
internal sealed class PoolHop : IThreadPoolWorkItem, ICriticalNotifyCompletion
{
    private Action? _continuation;

    /// <summary>Whether there is nothing to be done.</summary>
    public bool IsCompleted => Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>For the compiler's await.</summary>
    public PoolHop GetAwaiter() => this;

    /// <summary>For the compiler's await.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        Invariant.Check(_continuation is null, "a hop is awaited by one loop at a time");
        _continuation = continuation;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Goes on; called by the thread pool.</summary>
    public void Execute()
    {
        Action continuation = _continuation!;
        _continuation = null;
        continuation();
    }
}
