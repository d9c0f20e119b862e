using System.Runtime.CompilerServices;
using FastLog.Network;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Committing;

/// <summary>A commit on its way; used again when it was answered, so that a load in its stride allocates nothing.</summary>
internal sealed class PendingCommit
{
    private readonly CommitLane _lane;
    private readonly Action _onAnswered;
    private ConfiguredValueTaskAwaitable<ResponseFrame>.ConfiguredValueTaskAwaiter _answer;

    public PendingCommit(CommitLane lane)
    {
        _lane = lane;
        _onAnswered = () => _lane.OnAnswered(this);
    }

    /// <summary>Takes the answer.</summary>
    public OffsetCommitResponse Response { get; } = new();

    public CommitGroup Group { get; private set; } = null!;

    public long Sequence { get; private set; }

    /// <summary>From when its latency counts.</summary>
    public long IntendedNs { get; private set; }

    public void Begin(CommitGroup group, long sequence, long intendedNs) =>
        (Group, Sequence, IntendedNs) = (group, sequence, intendedNs);

    /// <summary>Has the lane hear of the answer, never from within this call.</summary>
    public void Await(ValueTask<ResponseFrame> answer)
    {
        _answer = answer.ConfigureAwait(false).GetAwaiter();
        if (_answer.IsCompleted)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static pending => pending._onAnswered(), this, preferLocal: true);
        }
        else
        {
            _answer.UnsafeOnCompleted(_onAnswered);
        }
    }

    /// <summary>The answer, once.</summary>
    /// <exception cref="ConnectionLostException">There is none.</exception>
    public ResponseFrame TakeAnswer() => _answer.GetResult();
}
