namespace FastLog.Broker.Tests.Harness;

/// <summary>One broker for all tests of a class, which keep apart by the names of their topics.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private TestBroker? _broker;
    private int _names;

    internal TestBroker Broker => _broker ?? throw new InvalidOperationException("the broker is not started");

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync("num.partitions=2");

    public async Task DisposeAsync() => await Broker.DisposeAsync();

    internal string NewName() => $"topic-{Interlocked.Increment(ref _names)}";
}

/// <summary>Tests of one handler, over one connection to a broker that they share.</summary>
public abstract class HandlerTests : IClassFixture<BrokerFixture>, IDisposable
{
    private readonly BrokerFixture _fixture;

    protected HandlerTests(BrokerFixture fixture)
    {
        _fixture = fixture;
        Client = fixture.Broker.Connect();
    }

    private protected TestBroker Broker => _fixture.Broker;

    private protected TestClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A name that no other test of the class has.</summary>
    private protected string NewName() => _fixture.NewName();

    /// <summary>A topic that no other test of the class has.</summary>
    private protected string NewTopic(int partitions = 1, params (string Key, string Value)[] configs)
    {
        var name = NewName();
        Client.CreateTopic(name, partitions, configs);
        return name;
    }
}
