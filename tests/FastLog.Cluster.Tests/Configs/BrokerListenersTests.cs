using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class BrokerListenersTests
{
    private static BrokerConfig Parse(string text) => BrokerConfig.Parse(ServerProperties.Parse(text), "box").Config;

    [Theory]
    [InlineData("listeners=PLAINTEXT://h1:1", "PLAINTEXT://h1:1", "PLAINTEXT://h1:1")]
    [InlineData("listeners=plaintext://h1:0", "PLAINTEXT://h1:0", "PLAINTEXT://h1:0")]
    [InlineData("listeners=PLAINTEXT://:9092", "PLAINTEXT://:9092", "PLAINTEXT://box:9092")]
    [InlineData("listeners=PLAINTEXT://0.0.0.0:9092", "PLAINTEXT://0.0.0.0:9092", "PLAINTEXT://box:9092")]
    [InlineData("listeners=PLAINTEXT://[::]:9092", "PLAINTEXT://[::]:9092", "PLAINTEXT://box:9092")]
    [InlineData("listeners=PLAINTEXT://[::1]:9092", "PLAINTEXT://[::1]:9092", "PLAINTEXT://[::1]:9092")]
    [InlineData("listeners=PLAINTEXT://:1\nadvertised.listeners=PLAINTEXT://out:2", "PLAINTEXT://:1", "PLAINTEXT://out:2")]
    [InlineData("listeners=PLAINTEXT://:1\nadvertised.listeners=PLAINTEXT://:2", "PLAINTEXT://:1", "PLAINTEXT://box:2")]
    [InlineData(
        "listeners=IN://:1, OUT://:2\nlistener.security.protocol.map=in:PLAINTEXT,out:plaintext\n" +
        "advertised.listeners=OUT://pub:2",
        "IN://:1|OUT://:2", "OUT://pub:2")]
    [InlineData(
        "listeners=PLAINTEXT://:1,C://:2\ncontroller.listener.names=C\nlistener.security.protocol.map=PLAINTEXT:PLAINTEXT,C:SSL",
        "PLAINTEXT://:1", "PLAINTEXT://box:1")]
    public void Listeners_are_opened_and_advertised(string text, string opened, string advertised)
    {
        BrokerConfig config = Parse(text);
        Assert.Equal(opened, string.Join('|', config.Listeners));
        Assert.Equal(advertised, string.Join('|', config.AdvertisedListeners));
        Assert.All(config.Listeners, listener => Assert.Equal(SecurityProtocol.Plaintext, listener.SecurityProtocol));
    }

    [Theory]
    [InlineData("listeners=", "listeners: '' is not a listener (expected NAME://host:port)")]
    [InlineData("listeners=localhost:9092", "listeners: 'localhost:9092' is not a listener (expected NAME://host:port)")]
    [InlineData("listeners=PLAINTEXT://a", "listeners: 'PLAINTEXT://a' is not a listener (expected NAME://host:port)")]
    [InlineData("listeners=PLAINTEXT://a b:1", "listeners: 'PLAINTEXT://a b:1' is not a listener (expected NAME://host:port)")]
    [InlineData("listeners=PLAINTEXT://a:x", "listeners: 'PLAINTEXT://a:x' has no port (expected NAME://host:port, the port 0 to 65535)")]
    [InlineData("listeners=PLAINTEXT://a:65536", "listeners: 'PLAINTEXT://a:65536' has no port (expected NAME://host:port, the port 0 to 65535)")]
    [InlineData("listeners=PLAINTEXT://::1:1", "listeners: 'PLAINTEXT://::1:1' is not a listener (expected an IPv6 address in brackets: NAME://[host]:port)")]
    [InlineData("listeners=PLAINTEXT://:1,PLAINTEXT://:2", "listeners: two listeners are named PLAINTEXT (expected each name once)")]
    [InlineData("listeners=A://:1,B://:1\nlistener.security.protocol.map=A:PLAINTEXT,B:PLAINTEXT", "listeners: :1 stands there twice (expected another port)")]
    [InlineData("listeners=SSL://:1", "listeners: SSL speaks SSL, which is not supported yet (expected PLAINTEXT)")]
    [InlineData("listeners=EXT://:1", "listeners: EXT has no security protocol (expected EXT:PLAINTEXT in listener.security.protocol.map)")]
    [InlineData("listeners=C://:1\ncontroller.listener.names=C", "listeners: none is left for clients (expected one that the controller does not use)")]
    [InlineData("listener.security.protocol.map=A:TLS", "listener.security.protocol.map: 'A:TLS' is not allowed (expected NAME:PROTOCOL, the protocol one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL)")]
    [InlineData("listener.security.protocol.map=A:SSL,a:SSL", "listener.security.protocol.map: A stands there twice (expected each name once)")]
    [InlineData("advertised.listeners=PLAINTEXT://0.0.0.0:9092", "advertised.listeners: PLAINTEXT://0.0.0.0:9092 cannot be connected to (expected an address that clients can reach)")]
    [InlineData("advertised.listeners=PLAINTEXT://[::]:9092", "advertised.listeners: PLAINTEXT://[::]:9092 cannot be connected to (expected an address that clients can reach)")]
    [InlineData("advertised.listeners=OTHER://h:1", "advertised.listeners: OTHER is not a listener (expected a name that listeners has)")]
    [InlineData("inter.broker.listener.name=OTHER", "inter.broker.listener.name: 'OTHER' is not a listener (expected a name that listeners has)")]
    public void Bad_listeners_are_one_clear_line(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<ConfigException>(() => Parse(text)).Message);
}
