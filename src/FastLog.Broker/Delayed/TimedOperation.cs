namespace FastLog.Broker.Delayed;

/// <summary>
/// An operation that waits with a deadline. The links of the wheel's bucket list live in the operation itself,
/// so that scheduling and cancelling allocate nothing.
/// </summary>
public abstract class TimedOperation
{
    internal TimedOperation? Next { get; set; }

    internal TimedOperation? Previous { get; set; }

    /// <summary>Tick at which the operation is due; -1 while it is not in the wheel.</summary>
    internal long DueTick { get; set; } = -1;

    /// <summary>Whether <see cref="TimerWheel.Stop"/> is a deadline too.</summary>
    internal virtual bool EndsWithBroker => false;

    /// <summary>
    /// Called once for each time it is scheduled, on the wheel's thread and outside its lock, when the deadline passes
    /// before <see cref="TimerWheel.Cancel"/> removed the operation. Must be quick.
    /// </summary>
    internal abstract void OnDeadline();
}
