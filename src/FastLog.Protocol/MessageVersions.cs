namespace FastLog.Protocol;

/// <summary>The versions of a message, and the first that uses compact lengths and tagged fields (KIP-482).</summary>
/// <param name="Lowest">Lowest version.</param>
/// <param name="Highest">Highest version.</param>
/// <param name="FirstFlexible">First flexible version, or <see cref="NeverFlexible"/>.</param>
public readonly record struct MessageVersions(short Lowest, short Highest, short FirstFlexible)
{
    /// <summary>First flexible version of a message that has none.</summary>
    public const short NeverFlexible = short.MaxValue;

    /// <summary>Whether there is such a version.</summary>
    public bool Contains(int version) => version >= Lowest && version <= Highest;

    /// <summary>Whether a version is flexible; answers for versions that do not exist too.</summary>
    public bool IsFlexible(int version) => version >= FirstFlexible;

    /// <summary>Throws <see cref="ProtocolException"/> when there is no such version.</summary>
    public void Require(short version, string message)
    {
        if (!Contains(version))
        {
            ProtocolException.ThrowVersion(message, version);
        }
    }
}
