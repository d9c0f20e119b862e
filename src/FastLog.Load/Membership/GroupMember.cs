using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Network;
using FastLog.Protocol;

namespace FastLog.Load.Membership;

/// <summary>A member of a group: joins, sends heartbeats, follows what it is told, and consumes nothing. It shares its
/// connections with others.</summary>
/// <param name="group">The group.</param>
/// <param name="index">Its number in the group.</param>
/// <param name="connection">For requests that are answered at once.</param>
/// <param name="counts">Hears what it does.</param>
internal abstract class GroupMember(LoadGroup group, int index, BrokerConnection connection, MemberCounts counts)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The group.</summary>
    protected LoadGroup Group => group;

    /// <summary>Its number in the group.</summary>
    protected int Index => index;

    /// <summary>For requests that are answered at once.</summary>
    protected BrokerConnection Connection => connection;

    /// <summary>Hears what it does.</summary>
    protected MemberCounts Counts => counts;

    /// <summary>Gets a member id; done by all members before the first joins.</summary>
    public virtual Task IdentifyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Joins and stays, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            group.Leave(index);
            await StayAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Leaves the group.</summary>
    public abstract Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>Joins, and stays until it has to join anew.</summary>
    protected abstract Task StayAsync(CancellationToken cancellationToken);

    /// <summary>Counts an error that is no part of joining; waits a moment so that a broker in trouble is not stormed.</summary>
    protected Task OnErrorAsync(ErrorCode error, CancellationToken cancellationToken)
    {
        counts.Errors.Count(error);
        return Task.Delay(RetryPause, cancellationToken);
    }

    /// <summary>A heartbeat, measured.</summary>
    protected async Task<TResponse> BeatAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken)
        where TResponse : class, IResponse, new()
    {
        long sentNs = MonotonicClock.NowNs;
        TResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        counts.OnHeartbeat(sentNs);
        return response;
    }
}
