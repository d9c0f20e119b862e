namespace FastLog.Cluster.Configs;

/// <summary>What the keys of the group coordinator ask of each other, as in Kafka.</summary>
internal static class GroupKeyChecks
{
    private const string ProtocolsKey = "group.coordinator.rebalance.protocols";
    private const string AssignorsKey = "group.consumer.assignors";

    /// <summary>Checks that what groups get lies between what they may be given at least and at most.</summary>
    /// <exception cref="ConfigException">It does not.</exception>
    public static void CheckBounds(BrokerConfigValues values)
    {
        foreach (string kind in (string[])["consumer", "share"])
        {
            CheckBetween(values, kind, "heartbeat.interval.ms");
            CheckBetween(values, kind, "session.timeout.ms");
            string heartbeat = $"group.{kind}.heartbeat.interval.ms";
            string session = $"group.{kind}.session.timeout.ms";
            if (Int(values, heartbeat) >= Int(values, session))
            {
                throw NotAllowed(values, heartbeat, $"less than {session}");
            }
        }

        CheckBetween(values, "share", "record.lock.duration.ms");
    }

    /// <summary>The protocols that are offered; one that FastLog does not have is warned of.</summary>
    /// <exception cref="ConfigException">The classic protocol is not among them.</exception>
    public static IReadOnlyList<string> RebalanceProtocols(BrokerConfigValues values, List<string> warnings)
    {
        var names = List(values, ProtocolsKey);
        if (!names.Contains("classic"))
        {
            throw ConfigException.About(
                ProtocolsKey, "the classic protocol cannot be switched off (expected classic, or classic,consumer)");
        }

        if (names.Contains("share"))
        {
            warnings.Add($"{ProtocolsKey}: share groups are not supported, so share has no effect");
        }

        return [.. names.Where(name => name != "share").Distinct()];
    }

    /// <summary>The assignors by their short names, as some name them by Kafka's classes.</summary>
    /// <exception cref="ConfigException">There is none, or one stands there twice.</exception>
    public static IReadOnlyList<string> Assignors(BrokerConfigValues values)
    {
        string[] names = [.. List(values, AssignorsKey).Select(ShortName)];
        return names.Length > 0 && names.Distinct().Count() == names.Length
            ? names
            : throw NotAllowed(values, AssignorsKey, "uniform, range or both, none twice");
    }

    private static string ShortName(string name) =>
        name.EndsWith(".UniformAssignor", StringComparison.Ordinal) ? "uniform"
        : name.EndsWith(".RangeAssignor", StringComparison.Ordinal) ? "range"
        : name;

    private static void CheckBetween(BrokerConfigValues values, string kind, string name)
    {
        string min = $"group.{kind}.min.{name}";
        string max = $"group.{kind}.max.{name}";
        string chosen = $"group.{kind}.{name}";
        if (Int(values, min) > Int(values, max))
        {
            throw NotAllowed(values, max, $"{min} or more");
        }

        if (Int(values, chosen) < Int(values, min) || Int(values, chosen) > Int(values, max))
        {
            throw NotAllowed(values, chosen, $"{min} to {max}");
        }
    }

    private static ConfigException NotAllowed(BrokerConfigValues values, string name, string expected) =>
        ConfigException.About(
            name, $"{Quoted.Value(values.Get(name).Value ?? "")} is not allowed (expected {expected})");

    private static long Int(BrokerConfigValues values, string name) => (long)Read(values, name);

    private static IReadOnlyList<string> List(BrokerConfigValues values, string name) =>
        (IReadOnlyList<string>)Read(values, name);

    private static object Read(BrokerConfigValues values, string name) =>
        BrokerConfigDefinitions.Catalog[name].Parse(values.Get(name).Value!);
}
