using System.Globalization;
using FastLog.Broker.Requests;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Broker.Telemetry;

/// <summary>
/// Where clients' metrics come in. What they contain is not looked at: a broker that keeps nothing of it still tells, by its
/// own metrics, how many clients push and how much.
/// </summary>
internal sealed class TelemetryDesk(IBrokerView broker, int bytesMax, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly ClientTelemetry _clients = new(bytesMax);
    private long _pushesCount;
    private long _receivedBytes;

    /// <summary>telemetry.max.bytes.</summary>
    public int BytesMax => bytesMax;

    /// <summary>Clients remembered.</summary>
    public int ClientsCount
    {
        get
        {
            lock (_lock)
            {
                return _clients.InstancesCount;
            }
        }
    }

    /// <summary>Pushes taken.</summary>
    public long PushesCount => Volatile.Read(ref _pushesCount);

    /// <summary>Bytes of them, as they came.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>GetTelemetrySubscriptions: what a client is to push.</summary>
    public (ErrorCode Error, ClientSubscription Subscription) Ask(in RequestContext context, Guid id)
    {
        lock (_lock)
        {
            return _clients.Ask(id, TraitsOf(context, id), broker.Image, NowMs());
        }
    }

    /// <summary>PushTelemetry: whether a push is taken.</summary>
    public ErrorCode Push(in RequestContext context, Guid id, in TelemetryPush push)
    {
        ErrorCode error;
        lock (_lock)
        {
            error = _clients.Push(id, TraitsOf(context, id), broker.Image, push, NowMs());
        }

        if (error == ErrorCode.None && push.SizeBytes > 0)
        {
            Interlocked.Increment(ref _pushesCount);
            Interlocked.Add(ref _receivedBytes, push.SizeBytes);
        }

        return error;
    }

    private long NowMs() => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;

    private static ClientTraits TraitsOf(in RequestContext context, Guid id)
    {
        var peer = context.Connection.RemoteEndPoint;
        var address = peer.Address.IsIPv4MappedToIPv6 ? peer.Address.MapToIPv4() : peer.Address;
        return new ClientTraits(
            context.Header.ClientId ?? "",
            UuidText.Format(id),
            context.State.SoftwareName,
            context.State.SoftwareVersion,
            address.ToString(),
            peer.Port.ToString(CultureInfo.InvariantCulture));
    }
}
