using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Broker.Telemetry;

/// <summary>
/// What clients are asked to push, and whether what they push is taken (KIP-714): a state machine without clock or random
/// source. Not thread-safe.
/// <para>Clients are remembered up to a number, the one not heard of for longest going first; so a client may be asked to
/// introduce itself again, and memory is bounded.</para>
/// </summary>
/// <param name="bytesMax">telemetry.max.bytes.</param>
/// <param name="instancesMax">How many clients are remembered.</param>
internal sealed class ClientTelemetry(int bytesMax, int instancesMax = ClientTelemetry.InstancesMaxDefault)
{
    /// <summary>So many clients are remembered, as in Kafka.</summary>
    public const int InstancesMaxDefault = 16_384;

    private const long ExpiryMsMin = 60_000;
    private const int IntervalsUntilExpiry = 3;
    private const string EveryMetric = "*";

    private readonly Dictionary<Guid, LinkedListNode<ClientInstance>> _instances = [];
    private readonly LinkedList<ClientInstance> _byLastUse = [];
    private IReadOnlyDictionary<ConfigResource, IReadOnlyDictionary<string, string>>? _configs;
    private IReadOnlyList<ClientMetricsSubscription> _subscriptions = [];

    /// <summary>Clients remembered.</summary>
    public int InstancesCount => _instances.Count;

    /// <summary>The compression of pushed metrics that is taken besides none: zstd, lz4, gzip, snappy.</summary>
    public static IReadOnlyList<sbyte> CompressionTypes { get; } = [4, 3, 1, 2];

    /// <summary>GetTelemetrySubscriptions.</summary>
    /// <param name="id">The client's id; a client without one has been given a new one.</param>
    /// <param name="client">What else is known of the client.</param>
    /// <param name="image">The metadata with the subscriptions.</param>
    /// <param name="nowMs">The time, of any clock that never goes back.</param>
    /// <returns>THROTTLING_QUOTA_EXCEEDED when the client asks before its interval has passed.</returns>
    public (ErrorCode Error, ClientSubscription Subscription) Ask(
        Guid id, in ClientTraits client, MetadataImage image, long nowMs)
    {
        var instance = Find(id, client, image, nowMs);
        var error = instance.Ask(nowMs);
        return (error, instance.Subscription);
    }

    /// <summary>PushTelemetry.</summary>
    /// <param name="id">The client's id.</param>
    /// <param name="client">What else is known of the client.</param>
    /// <param name="image">The metadata with the subscriptions.</param>
    /// <param name="push">What is pushed.</param>
    /// <param name="nowMs">The time.</param>
    /// <returns>
    /// INVALID_REQUEST (no id, or the client has said that it ends), THROTTLING_QUOTA_EXCEEDED, UNKNOWN_SUBSCRIPTION_ID,
    /// UNSUPPORTED_COMPRESSION_TYPE, TELEMETRY_TOO_LARGE.
    /// </returns>
    public ErrorCode Push(Guid id, in ClientTraits client, MetadataImage image, in TelemetryPush push, long nowMs)
    {
        if (id == Guid.Empty)
        {
            return ErrorCode.InvalidRequest;
        }

        return Find(id, client, image, nowMs).Push(push, bytesMax, nowMs);
    }

    private ClientInstance Find(Guid id, in ClientTraits client, MetadataImage image, long nowMs)
    {
        if (!ReferenceEquals(_configs, image.Configs))
        {
            _configs = image.Configs;
            _subscriptions = ClientMetricsSubscription.All(image);
        }

        Expire(nowMs);
        if (_instances.TryGetValue(id, out var node))
        {
            _byLastUse.Remove(node);
        }
        else
        {
            if (_instances.Count >= instancesMax)
            {
                Forget(_byLastUse.First!);
            }

            node = new LinkedListNode<ClientInstance>(new ClientInstance(id));
            _instances.Add(id, node);
        }

        _byLastUse.AddLast(node);
        var instance = node.Value;
        instance.LastUsedMs = nowMs;
        if (!ReferenceEquals(instance.Basis, _subscriptions))
        {
            // Whoever was told of other metrics learns by an error that there are new ones.
            instance.Follow(_subscriptions, Match(id, client));
        }

        return instance;
    }

    private void Expire(long nowMs)
    {
        while (_byLastUse.First is { } oldest && nowMs - oldest.Value.LastUsedMs > ExpiryMs(oldest.Value))
        {
            Forget(oldest);
        }
    }

    private static long ExpiryMs(ClientInstance instance) =>
        Math.Max(ExpiryMsMin, (long)instance.Subscription.PushIntervalMs * IntervalsUntilExpiry);

    private void Forget(LinkedListNode<ClientInstance> node)
    {
        _byLastUse.Remove(node);
        _instances.Remove(node.Value.Id);
    }

    private ClientSubscription Match(Guid id, in ClientTraits client)
    {
        SortedSet<string> metrics = new(StringComparer.Ordinal);
        var intervalMs = ClientMetricsSubscription.IntervalMsDefault;
        foreach (var subscription in _subscriptions)
        {
            if (subscription.Includes(client))
            {
                metrics.UnionWith(subscription.Metrics);
                intervalMs = Math.Min(intervalMs, subscription.IntervalMs);
            }
        }

        // To clients, the empty beginning is that of every name.
        string[] wanted = metrics.Contains(EveryMetric) ? [""] : [.. metrics];
        return new ClientSubscription(IdOf(wanted, intervalMs, id), intervalMs, wanted);
    }

    // The same wishes have the same id, from broker to broker too; other wishes almost surely another one.
    private static int IdOf(string[] metrics, int intervalMs, Guid client)
    {
        var text = string.Join(',', metrics) + intervalMs.ToString(CultureInfo.InvariantCulture);
        Span<byte> id = stackalloc byte[16];
        client.TryWriteBytes(id, bigEndian: true, out _);
        var hash = BinaryPrimitives.ReadInt32BigEndian(id)
            ^ BinaryPrimitives.ReadInt32BigEndian(id[4..])
            ^ BinaryPrimitives.ReadInt32BigEndian(id[8..])
            ^ BinaryPrimitives.ReadInt32BigEndian(id[12..]);
        return (int)Crc32C.Compute(Encoding.UTF8.GetBytes(text)) ^ hash;
    }
}

/// <summary>What one client is asked to push.</summary>
/// <param name="Id">Goes with each push; another one when something else is wanted.</param>
/// <param name="PushIntervalMs">How often.</param>
/// <param name="Metrics">Beginnings of the names of the metrics; the empty one for all of them; none for nothing.</param>
internal sealed record ClientSubscription(int Id, int PushIntervalMs, IReadOnlyList<string> Metrics);

/// <summary>What is looked at of a push.</summary>
/// <param name="SubscriptionId">The subscription that it answers.</param>
/// <param name="IsTerminating">Whether it is the client's last.</param>
/// <param name="CompressionType">Kafka's number of the codec, 0 for none.</param>
/// <param name="SizeBytes">Bytes of the metrics as they came.</param>
internal readonly record struct TelemetryPush(int SubscriptionId, bool IsTerminating, sbyte CompressionType, long SizeBytes);
