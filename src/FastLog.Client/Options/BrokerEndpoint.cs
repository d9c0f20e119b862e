using System.Globalization;

namespace FastLog.Client;

/// <summary>Where a broker listens.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct BrokerEndpoint(string Host, int Port)
{
    /// <summary>Reads a list like <c>a:9092,b:9092,[::1]:9092</c>.</summary>
    /// <exception cref="FormatException">A part of it is not HOST:PORT.</exception>
    public static IReadOnlyList<BrokerEndpoint> ParseList(string servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        List<BrokerEndpoint> endpoints = [];
        foreach (string server in servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            endpoints.Add(Parse(server));
        }

        return endpoints.Count > 0 ? endpoints : throw new FormatException("no bootstrap server is given");
    }

    /// <summary>Reads HOST:PORT; an IPv6 address stands in brackets.</summary>
    /// <exception cref="FormatException">It is not HOST:PORT.</exception>
    public static BrokerEndpoint Parse(string server)
    {
        ArgumentNullException.ThrowIfNull(server);
        int colon = server.LastIndexOf(':');
        string host = colon > 0 ? server[..colon].Trim('[', ']') : "";
        bool isPort = int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        return host.Length > 0 && isPort && port is > 0 and <= ushort.MaxValue
            ? new BrokerEndpoint(host, port)
            : throw new FormatException($"'{server}' is not HOST:PORT");
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
