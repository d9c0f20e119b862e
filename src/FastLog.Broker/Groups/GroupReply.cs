using FastLog.Broker.Requests;
using FastLog.Protocol;

namespace FastLog.Broker.Groups;

/// <summary>
/// The answer that a request about a group waits for. Given once, by whichever thread; what comes after the first is
/// dropped, as a turn that broke may have answered already.
/// </summary>
internal sealed class GroupReply<TResponse>(RequestContext context)
    where TResponse : class, IMessage
{
    private int _isGiven;

    public void Give(TResponse response)
    {
        if (Interlocked.Exchange(ref _isGiven, 1) == 0)
        {
            context.RespondOrClose(response);
        }
    }
}
