using System.Runtime.InteropServices;

namespace FastLog.Server.Hosting;

/// <summary>
/// Takes SIGTERM and SIGINT for as long as it lives, so that none ends the process before it is ready to stop cleanly,
/// and none cuts the clean stop short.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource<PosixSignal> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    /// <summary>Begins to take the signals.</summary>
    public StopSignal()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive);
    }

    /// <summary>Completes with the first signal, also when it came before anybody asked.</summary>
    public Task<PosixSignal> Received => _received.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        _received.TrySetResult(context.Signal);
    }
}
