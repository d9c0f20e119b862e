using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>Which version of each API a broker and this client both speak; immutable.</summary>
internal sealed class ApiVersionTable
{
    private const short NotOffered = -1;

    private readonly short[] _highest;
    private readonly short[] _lowest;

    private ApiVersionTable(short[] lowest, short[] highest)
    {
        _lowest = lowest;
        _highest = highest;
    }

    /// <summary>Lays what a broker offers beside what this client knows.</summary>
    public static ApiVersionTable From(ApiVersionsResponse response)
    {
        int size = ApiCatalog.All.Max(api => (short)api.Key) + 1;
        short[] lowest = new short[size];
        short[] highest = new short[size];
        Array.Fill(highest, NotOffered);
        foreach (ApiVersionsResponse.ApiVersion offered in response.ApiKeys)
        {
            if (!ApiCatalog.TryGet(offered.ApiKey, out ApiInfo? known))
            {
                continue;
            }

            short low = Math.Max(offered.MinVersion, known.MinVersion);
            short high = Math.Min(offered.MaxVersion, known.MaxVersion);
            lowest[offered.ApiKey] = low;
            highest[offered.ApiKey] = high >= low ? high : NotOffered;
        }

        return new ApiVersionTable(lowest, highest);
    }

    /// <summary>The highest version in common, at most <paramref name="versionMax"/>.</summary>
    /// <exception cref="KafkaException">There is none: <see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public short Choose(ApiKey api, short versionMax = short.MaxValue)
    {
        short version = Math.Min(_highest[(short)api], versionMax);
        return version >= _lowest[(short)api] && version != NotOffered
            ? version
            : throw new KafkaException(
                ErrorCode.UnsupportedVersion, $"the broker offers no version of {api} that this client speaks");
    }

    /// <summary>Whether this version is spoken on both sides.</summary>
    public bool Supports(ApiKey api, short version) =>
        version >= _lowest[(short)api] && version <= _highest[(short)api];
}
