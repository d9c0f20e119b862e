using System.Globalization;

namespace FastLog.Load.Payloads;

/// <summary>Chooses keys. A key is <c>key-</c> and nine digits, so all are of one size.</summary>
public sealed class KeySource
{
    /// <summary>The size of every key.</summary>
    public const int KeyBytes = 13;

    private readonly byte[] _key = "key-000000000"u8.ToArray();
    private readonly KeyDistribution _keys;
    private readonly ZipfSampler _zipf;
    private SplitMix _random;

    /// <param name="keys">How to choose.</param>
    /// <param name="seed">The same seed gives the same keys ...</param>
    /// <param name="user">... to the same user of it.</param>
    public KeySource(KeyDistribution keys, int seed, int user = 0)
    {
        _keys = keys;
        _zipf = new ZipfSampler(Math.Max(1, keys.KeysCount));
        _random = SplitMix.For(seed ^ 0x6B6579, user);
    }

    /// <summary>Whether records have no key.</summary>
    public bool IsNone => _keys.Choice == KeyChoice.None;

    /// <summary>The next key, valid until the one after it; empty when records have none.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (IsNone)
        {
            return default;
        }

        int number = NextNumber();
        number.TryFormat(_key.AsSpan(4), out _, "D9", CultureInfo.InvariantCulture);
        return _key;
    }

    /// <summary>The number of the next key, from 0; with a Zipf distribution 0 is the most frequent.</summary>
    public int NextNumber() =>
        _keys.Choice == KeyChoice.Zipf ? _zipf.Next(ref _random) - 1 : _random.Below(_keys.KeysCount);
}
