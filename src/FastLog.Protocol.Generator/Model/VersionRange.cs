using System;

namespace FastLog.Protocol.Generator.Model;

/// <summary>A closed range of versions; <see cref="Open"/> as the upper end means "and up".</summary>
internal readonly record struct VersionRange(int Low, int High)
{
    public const int Open = short.MaxValue;

    public bool Covers(VersionRange other) => Low <= other.Low && High >= other.High;

    public VersionRange? Intersect(VersionRange other)
    {
        int low = Math.Max(Low, other.Low);
        int high = Math.Min(High, other.High);
        return low <= high ? new VersionRange(low, high) : null;
    }

    /// <summary>The C# condition that tells these versions from the rest of <paramref name="parent"/>; null when there is no rest.</summary>
    public string? ConditionWithin(VersionRange parent)
    {
        if (Covers(parent))
        {
            return null;
        }

        if (High >= parent.High)
        {
            return $"version >= {Low}";
        }

        if (Low <= parent.Low)
        {
            return Low == High ? $"version == {Low}" : $"version <= {High}";
        }

        return Low == High ? $"version == {Low}" : $"version is >= {Low} and <= {High}";
    }

    public override string ToString() => High == Open ? $"{Low}+" : Low == High ? $"{Low}" : $"{Low}-{High}";
}
