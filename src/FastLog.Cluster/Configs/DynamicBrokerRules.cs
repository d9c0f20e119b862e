using System.Globalization;
using FastLog.Protocol;

namespace FastLog.Cluster.Configs;

/// <summary>Which of a broker's keys can be set while it runs, and to what (KIP-226).</summary>
internal static class DynamicBrokerRules
{
    // Kafka lets pools of threads grow and shrink in steps, so that a slip of the pen does no harm.
    private static readonly string[] ThreadCounts =
    [
        "background.threads", "log.cleaner.threads", "num.io.threads", "num.network.threads",
        "num.recovery.threads.per.data.dir", "num.replica.fetchers",
    ];

    /// <summary>Null when a key may have the value at run time.</summary>
    /// <param name="name">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="isForAll">Whether it is for all brokers.</param>
    public static Refusal? Check(string name, string value, bool isForAll)
    {
        if (!BrokerConfigDefinitions.TryGet(name, out ConfigDefinition? definition))
        {
            return new Refusal(ErrorCode.InvalidConfig, $"Unknown broker config name: {Quoted.Plain(name)}");
        }

        if (definition.UpdateMode == ConfigUpdateMode.ReadOnly)
        {
            return new Refusal(ErrorCode.InvalidRequest, $"Cannot update these configs dynamically: Set({name})");
        }

        if (isForAll && definition.UpdateMode == ConfigUpdateMode.PerBroker)
        {
            return new Refusal(
                ErrorCode.InvalidRequest,
                $"Cannot update these configs at default cluster level, broker id must be specified: Set({name})");
        }

        return definition.WhyRefused(value) is { } reason ? new Refusal(ErrorCode.InvalidConfig, reason) : null;
    }

    /// <summary>Null when a change of the counts of threads is not too large a step.</summary>
    public static Refusal? CheckSteps(BrokerConfigValues before, BrokerConfigValues after)
    {
        foreach (string name in ThreadCounts)
        {
            long from = Number(before, name);
            long to = Number(after, name);
            if (from == to)
            {
                continue;
            }

            string? reason = to < 1 ? "value should be at least 1"
                : to < from / 2 ? $"value should be at least half the current value {Text(from)}"
                : to > from * 2 ? $"value should not be greater than double the current value {Text(from)}"
                : null;
            if (reason is not null)
            {
                return new Refusal(
                    ErrorCode.InvalidConfig, $"Dynamic thread count update validation failed for {name}={Text(to)}: {reason}");
            }
        }

        return null;
    }

    /// <summary>The values that can be used, each looked at alone.</summary>
    public static IReadOnlyDictionary<string, string> Usable(IReadOnlyDictionary<string, string> values) =>
        values.All(IsUsable) ? values : values.Where(IsUsable).ToDictionary(StringComparer.Ordinal);

    private static bool IsUsable(KeyValuePair<string, string> pair) => Check(pair.Key, pair.Value, isForAll: false) is null;

    private static long Number(BrokerConfigValues values, string name) =>
        (long)BrokerConfigDefinitions.Catalog[name].Parse(values.Get(name).Value!);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
