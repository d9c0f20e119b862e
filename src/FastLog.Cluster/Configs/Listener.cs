using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>How bytes travel over a listener.</summary>
public enum SecurityProtocol
{
    /// <summary>Neither encrypted nor authenticated.</summary>
    Plaintext,

    /// <summary>TLS.</summary>
    Ssl,

    /// <summary>SASL without encryption.</summary>
    SaslPlaintext,

    /// <summary>SASL over TLS.</summary>
    SaslSsl,
}

/// <summary>An address that clients connect to.</summary>
/// <param name="Name">The listener's name in capital letters, such as PLAINTEXT or EXTERNAL.</param>
/// <param name="SecurityProtocol">How bytes travel over it.</param>
/// <param name="Host">A host name or an address without brackets; empty means every interface.</param>
/// <param name="Port">0 to 65535; 0 lets the operating system choose a free one.</param>
public sealed record Listener(string Name, SecurityProtocol SecurityProtocol, string Host, int Port)
{
    /// <summary>True when connections to every interface are taken.</summary>
    public bool IsOnEveryInterface => Host is "" or "0.0.0.0" or "::";

    /// <summary>The listener as Kafka writes it: <c>NAME://host:port</c>.</summary>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{Name}://[{Host}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Name}://{Host}:{Port}");
}
