namespace FastLog.Load.Payloads;

/// <summary>A random generator of a few instructions (splitmix64): the same seed gives the same numbers everywhere.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>For one of several users of a seed.</summary>
    public static SplitMix For(int seed, int user) => new(((ulong)(uint)seed << 32) | (uint)user);

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>From 0 to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
