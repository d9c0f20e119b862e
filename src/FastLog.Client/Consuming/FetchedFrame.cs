using FastLog.Network;

namespace FastLog.Client;

/// <summary>The bytes of one fetch response, shared by what was read from it; given back with the last of them.</summary>
internal sealed class FetchedFrame(BrokerFetcher fetcher)
{
    private ResponseFrame? _frame;
    private int _owners;

    public void Take(ResponseFrame frame)
    {
        Invariant.Check(_frame is null, "a frame in use was given another response");
        _frame = frame;
        _owners = 1;
    }

    public void Retain() => Interlocked.Increment(ref _owners);

    public void Release()
    {
        int owners = Interlocked.Decrement(ref _owners);
        Invariant.Check(owners >= 0, "a fetched frame was released more often than retained");
        if (owners == 0)
        {
            _frame!.Dispose();
            _frame = null;
            fetcher.OnFrameReleased(this);
        }
    }
}
