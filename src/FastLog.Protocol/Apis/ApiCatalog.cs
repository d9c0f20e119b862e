namespace FastLog.Protocol;

/// <summary>The APIs and the version ranges that Kafka 4.0.0 serves.</summary>
public static partial class ApiCatalog
{
    private static readonly ApiInfo[] Declared = DeclaredApis();
    private static readonly ApiInfo?[] ByKey = IndexByKey(Declared);

    /// <summary>All APIs in order of their keys.</summary>
    public static IReadOnlyList<ApiInfo> All => Declared;

    /// <summary>Finds an API by the key in a request's header.</summary>
    public static bool TryGet(short key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ApiInfo? info)
    {
        info = (uint)key < (uint)ByKey.Length ? ByKey[key] : null;
        return info is not null;
    }

    /// <summary>The API of a key. Throws <see cref="ProtocolException"/> when there is none.</summary>
    public static ApiInfo Get(ApiKey key) =>
        TryGet((short)key, out ApiInfo? info) ? info : throw new ProtocolException($"unknown api key {(short)key}");

    /// <summary>Whether a version is flexible, be it served or not. Throws <see cref="ProtocolException"/> for an unknown key.</summary>
    public static bool IsFlexible(ApiKey key, short version) => Get(key).Versions.IsFlexible(version);

    private static ApiInfo?[] IndexByKey(ApiInfo[] declared)
    {
        var index = new ApiInfo?[declared.Max(info => (short)info.Key) + 1];
        foreach (ApiInfo info in declared)
        {
            index[(short)info.Key] = info;
        }

        return index;
    }
}
