namespace FastLog.Cluster.Configs;

/// <summary>Works out which addresses to open and which to tell clients, from the keys about listeners.</summary>
internal sealed class BrokerListeners
{
    private readonly BrokerConfigValues _values;
    private readonly Dictionary<string, SecurityProtocol> _protocols;

    private BrokerListeners(BrokerConfigValues values, string machineHostName)
    {
        _values = values;
        ControllerNames = Names(values.Get("controller.listener.names").Value);
        _protocols = ListenerParser.ParseProtocols(
            "listener.security.protocol.map", values.Get("listener.security.protocol.map").Value ?? "");
        Opened = ToOpen();
        Advertised = ToAdvertise(machineHostName);
        CheckInterBrokerName();
    }

    /// <summary>The listeners to open, in the order given.</summary>
    public IReadOnlyList<Listener> Opened { get; }

    /// <summary>What clients are told, in the order given.</summary>
    public IReadOnlyList<Listener> Advertised { get; }

    /// <summary>The names in <c>controller.listener.names</c>, in capital letters.</summary>
    public IReadOnlyList<string> ControllerNames { get; }

    /// <exception cref="ConfigException">The listeners cannot be used.</exception>
    public static BrokerListeners From(BrokerConfigValues values, string machineHostName) =>
        new(values, machineHostName);

    private static string[] Names(string? list) =>
        (list ?? "").ToUpperInvariant().Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private List<Listener> ToOpen()
    {
        const string key = "listeners";
        var opened = new List<Listener>();
        foreach ((string name, string host, int port) in ListenerParser.Parse(key, _values.Get(key).Value ?? ""))
        {
            if (ControllerNames.Contains(name))
            {
                continue;
            }

            if (port != 0 && opened.Any(other => other.Port == port && other.Host == host))
            {
                throw ConfigException.About(key, $"{host}:{port} stands there twice (expected another port)");
            }

            opened.Add(new Listener(name, ProtocolOf(name), host, port));
        }

        return opened.Count > 0
            ? opened
            : throw ConfigException.About(
                key, "none is left for clients (expected one that the controller does not use)");
    }

    private SecurityProtocol ProtocolOf(string name)
    {
        if (!_protocols.TryGetValue(name, out SecurityProtocol protocol))
        {
            throw ConfigException.About(
                "listeners",
                $"{name} has no security protocol (expected {name}:PLAINTEXT in listener.security.protocol.map)");
        }

        return protocol == SecurityProtocol.Plaintext
            ? protocol
            : throw ConfigException.About(
                "listeners",
                $"{name} speaks {ListenerParser.NameOf(protocol)}, which is not supported yet (expected PLAINTEXT)");
    }

    private List<Listener> ToAdvertise(string machineHostName)
    {
        const string key = "advertised.listeners";
        if (_values.Get(key).Value is not { } list)
        {
            return [.. Opened.Select(listener => listener.IsOnEveryInterface
                ? listener with { Host = machineHostName }
                : listener)];
        }

        var advertised = new List<Listener>();
        foreach ((string name, string host, int port) in ListenerParser.Parse(key, list))
        {
            if (ControllerNames.Contains(name))
            {
                continue;
            }

            Listener opened = Opened.FirstOrDefault(listener => listener.Name == name)
                ?? throw ConfigException.About(key, $"{name} is not a listener (expected a name that listeners has)");
            advertised.Add(opened with { Host = host.Length == 0 ? machineHostName : host, Port = port });
        }

        if (advertised.Find(listener => listener.IsOnEveryInterface) is { } everywhere)
        {
            throw ConfigException.About(
                key, $"{everywhere} cannot be connected to (expected an address that clients can reach)");
        }

        return advertised.Count > 0
            ? advertised
            : throw ConfigException.About(
                key, "none is left for clients (expected one that the controller does not use)");
    }

    private void CheckInterBrokerName()
    {
        const string key = "inter.broker.listener.name";
        string? name = _values.Get(key).Value?.Trim().ToUpperInvariant();
        if (name is not null && Opened.All(listener => listener.Name != name))
        {
            throw ConfigException.About(
                key, $"{Quoted.Value(name)} is not a listener (expected a name that listeners has)");
        }
    }
}
