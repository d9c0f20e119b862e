using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>
/// What a node does with the keys about the metadata quorum while the quorum is the node itself: it accepts those
/// of a single node and refuses those that name others, because records would not be where their owner thinks.
/// </summary>
internal static class QuorumOfOne
{
    /// <summary>Adds one warning when keys are accepted that have no effect.</summary>
    /// <exception cref="ConfigException">The keys describe more than this one node.</exception>
    public static void Check(BrokerConfigValues values, int nodeId, List<string> warnings)
    {
        string[] roles = CheckRoles(values);
        CheckVoters(values, nodeId);
        CheckBootstrapServers(values);
        string[] withoutEffect = [.. Keys.Where(values.IsSet)];
        if (withoutEffect.Length > 0)
        {
            warnings.Add(
                "accepted without effect, as a quorum of one needs no controller listener: "
                + string.Join(", ", withoutEffect));
        }

        if (!roles.Contains("controller"))
        {
            warnings.Add("process.roles: this node is a cluster of its own, so it is its controller too");
        }
    }

    private static readonly string[] Keys =
        ["controller.listener.names", "controller.quorum.voters", "controller.quorum.bootstrap.servers"];

    private static string[] CheckRoles(BrokerConfigValues values)
    {
        string text = values.Get("process.roles").Value ?? "";
        string[] roles = text.Split(',', StringSplitOptions.TrimEntries);
        return roles.Contains("broker")
            ? roles
            : throw ConfigException.About(
                "process.roles", $"{Quoted.Value(text)} is not supported yet (expected broker,controller)");
    }

    private static void CheckVoters(BrokerConfigValues values, int nodeId)
    {
        const string key = "controller.quorum.voters";
        string[] voters = Split(values.Get(key).Value);
        if (voters.Length > 1)
        {
            throw ConfigException.About(
                key, $"{voters.Length} voters are not supported yet (expected none, or this node alone)");
        }

        foreach (string voter in voters)
        {
            int at = voter.IndexOf('@', StringComparison.Ordinal);
            bool isVoter = int.TryParse(
                voter.AsSpan(0, Math.Max(at, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && IsHostAndPort(voter.AsSpan(at + 1));
            if (!isVoter)
            {
                throw ConfigException.About(key, $"{Quoted.Value(voter)} is not a voter (expected id@host:port)");
            }

            if (id != nodeId)
            {
                throw ConfigException.About(
                    key, $"voter {id} is not this node, which is {nodeId} (expected none, or this node alone)");
            }
        }
    }

    private static void CheckBootstrapServers(BrokerConfigValues values)
    {
        const string key = "controller.quorum.bootstrap.servers";
        string[] servers = Split(values.Get(key).Value);
        if (servers.Length > 1)
        {
            throw ConfigException.About(
                key, $"{servers.Length} controllers are not supported yet (expected none, or this node alone)");
        }

        if (servers.Length == 1 && !IsHostAndPort(servers[0]))
        {
            throw ConfigException.About(key, $"{Quoted.Value(servers[0])} is not an address (expected host:port)");
        }
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsHostAndPort(ReadOnlySpan<char> text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
