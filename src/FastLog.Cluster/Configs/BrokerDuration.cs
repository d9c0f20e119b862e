using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>Turns the broker's hours and minutes into the milliseconds that topics are configured in.</summary>
internal static class BrokerDuration
{
    /// <summary>The value in milliseconds when the key's name ends in another unit, otherwise as it is.</summary>
    public static string InMs(string name, string value)
    {
        long unitMs = name.EndsWith(".hours", StringComparison.Ordinal) ? 3_600_000
            : name.EndsWith(".minutes", StringComparison.Ordinal) ? 60_000
            : 1;
        if (unitMs == 1)
        {
            return value;
        }

        // Both units are ints, so the product fits; any negative time means "no limit", which is written -1.
        long number = (long)BrokerConfigDefinitions.Catalog[name].Parse(value);
        return (number < 0 ? -1 : number * unitMs).ToString(CultureInfo.InvariantCulture);
    }
}
