namespace FastLog.Cluster.Configs;

/// <summary>Tells the owner of a properties file which of its keys do nothing.</summary>
internal static class KeyWarnings
{
    /// <summary>One line for all of Kafka's keys that are not used, one line per key that nobody knows.</summary>
    public static List<string> For(IEnumerable<string> names)
    {
        var unused = new List<string>();
        var warnings = new List<string>();
        foreach (string name in names)
        {
            if (!BrokerConfigDefinitions.TryGet(name, out ConfigDefinition? definition))
            {
                if (BrokerConfigDefinitions.HasKnownPrefix(name))
                {
                    unused.Add(Quoted.Plain(name));
                }
                else
                {
                    warnings.Add(Unknown(name));
                }
            }
            else if (!definition.InUse)
            {
                unused.Add(name);
            }
        }

        if (unused.Count > 0)
        {
            warnings.Insert(0, "known from Kafka but not used by FastLog: " + string.Join(", ", unused));
        }

        return warnings;
    }

    private static string Unknown(string name)
    {
        string shown = $"{Quoted.Plain(name)}: nobody knows this key";
        if (TopicConfigDefinitions.TryGet(name, out ConfigDefinition? ofTopic))
        {
            return ofTopic.BrokerKey is { } brokerKey
                ? $"{shown} here, it is a topic's (did you mean {brokerKey}?)"
                : $"{shown} here, it is a topic's";
        }

        return BrokerConfigDefinitions.Catalog.Nearest(name) is { } nearest
            ? $"{shown} (did you mean {nearest}?)"
            : shown;
    }
}
