namespace FastLog.Protocol;

/// <summary>Where an API is served.</summary>
[Flags]
public enum ApiListeners
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>On listeners of brokers, to clients.</summary>
    Broker = 1,

    /// <summary>On listeners of controllers, to brokers, other controllers and administrators.</summary>
    Controller = 2,
}

/// <summary>What there is to know of an API without decoding it.</summary>
/// <param name="Key">The key in a request's header.</param>
/// <param name="Name">Kafka's name.</param>
/// <param name="Versions">The versions that can be decoded and served.</param>
/// <param name="AdvertisedMinVersion">
/// Lowest version to name in an ApiVersions response. It differs from the lowest served one for Produce alone, which
/// is advertised from 0: librdkafka before 2.11.1 takes the absence of version 0 for a broker that knows no gzip, snappy
/// or lz4. A Produce request below the lowest served version is answered by closing the connection.
/// </param>
/// <param name="Listeners">Where the API is served.</param>
/// <param name="IsUnstable">Whether the API is offered only with <c>unstable.api.versions.enable</c>.</param>
public sealed record ApiInfo(
    ApiKey Key,
    string Name,
    MessageVersions Versions,
    short AdvertisedMinVersion,
    ApiListeners Listeners,
    bool IsUnstable)
{
    /// <summary>Lowest version that can be decoded and served.</summary>
    public short MinVersion => Versions.Lowest;

    /// <summary>Highest version that can be decoded and served.</summary>
    public short MaxVersion => Versions.Highest;

    /// <summary>First flexible version, or <see cref="MessageVersions.NeverFlexible"/>.</summary>
    public short FirstFlexibleVersion => Versions.FirstFlexible;
}
