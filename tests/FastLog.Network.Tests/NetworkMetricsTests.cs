using System.Buffers;
using System.Diagnostics.Metrics;

namespace FastLog.Network.Tests;

public sealed class NetworkMetricsTests : IDisposable
{
    private const byte ProduceKey = 0;

    private readonly Meter _meter = new("FastLog.Network");
    private readonly ManualTime _time = new();

    [Fact]
    public async Task The_phases_of_a_request_follow_each_other_and_add_up()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await using var host = new TestHost(time: _time);
        host.Listener.Metrics = new NetworkMetrics(_meter, host.Listener, _time);
        using var recorded = new RecordedMetrics(_meter);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(2));
            response.MarkWaiting();
            host.Processor.Hold(connection, frame, response);
        };
        using TestPeer peer = host.Connect();
        await peer.SendFrameAsync([0, ProduceKey, 1, 2]);
        await Until.True(() => !host.Processor.Held.IsEmpty, "the request is held");

        _time.Advance(TimeSpan.FromMilliseconds(30));
        host.Processor.TakeHeld().Complete();
        await peer.ReadFrameAsync();
        await Until.True(() => recorded.Of("fastlog.request{api=Produce,phase=total}").Length > 0, "it is recorded");

        Assert.Equal(0.002, Assert.Single(recorded.Of("fastlog.request{api=Produce,phase=local}")), 9);
        Assert.Equal(0.030, Assert.Single(recorded.Of("fastlog.request{api=Produce,phase=remote}")), 9);
        Assert.Equal(0.0, Assert.Single(recorded.Of("fastlog.request{api=Produce,phase=response}")), 9);
        Assert.Equal(0.032, Assert.Single(recorded.Of("fastlog.request{api=Produce,phase=total}")), 9);
        await Until.True(() => recorded.Of("fastlog.network.send.responses{}").Length > 0, "the send is recorded");
        Assert.Equal(1, Assert.Single(recorded.Of("fastlog.network.send.responses{}")));
    }

    [Fact]
    public async Task A_request_that_never_waits_has_no_remote_phase()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await using var host = new TestHost(time: _time);
        host.Listener.Metrics = new NetworkMetrics(_meter, host.Listener, _time);
        using var recorded = new RecordedMetrics(_meter);
        using TestPeer peer = host.Connect();
        await peer.SendFrameAsync([0, 3, 1, 2]);
        await peer.SendFrameAsync([0x7f, 0xff, 1, 2]);
        await peer.ReadFrameAsync();
        await peer.ReadFrameAsync();

        await Until.True(() => recorded.Of("fastlog.request{api=unknown,phase=total}").Length > 0, "both are recorded");
        Assert.Single(recorded.Of("fastlog.request{api=Metadata,phase=local}"));
        Assert.Empty(recorded.Of("fastlog.request{api=Metadata,phase=remote}"));
    }

    [Fact]
    public async Task Connections_and_bytes_are_read_from_what_the_listener_counts()
    {
        await using var host = new TestHost();
        host.Listener.Metrics = new NetworkMetrics(_meter, host.Listener, TimeProvider.System);
        using var recorded = new RecordedMetrics(_meter);
        using (TestPeer peer = host.Connect())
        {
            await peer.SendFrameAsync(new byte[100]);
            await peer.ReadFrameAsync();
            await Until.True(() => host.Listener.Counters.BytesOut == 104, "the answer is counted");
            recorded.Observe();
            Assert.Equal(1, recorded.Of("fastlog.connections.open{}")[^1]);
            Assert.Equal(0, recorded.Of("fastlog.connections.closed{}")[^1]);
        }

        await Until.True(() => host.Listener.Counters.ConnectionsClosed == 1, "the connection is counted as closed");
        recorded.Observe();
        Assert.Equal(0, recorded.Of("fastlog.connections.open{}")[^1]);
        Assert.Equal(1, recorded.Of("fastlog.connections.accepted{}")[^1]);
        Assert.Equal(1, recorded.Of("fastlog.connections.closed{}")[^1]);
        Assert.Equal(104, recorded.Of("fastlog.network.received{}")[^1]);
        Assert.Equal(104, recorded.Of("fastlog.network.sent{}")[^1]);
    }

    [Fact]
    public async Task No_clock_is_read_while_nobody_listens()
    {
        var time = new CountingTime();
        await using var host = new TestHost();
        host.Listener.Metrics = new NetworkMetrics(_meter, host.Listener, time);
        using TestPeer peer = host.Connect();
        for (int i = 0; i < 10; i++)
        {
            await peer.SendFrameAsync([0, ProduceKey, 1, 2]);
            await peer.ReadFrameAsync();
        }

        Assert.Equal(0, time.Reads);
        using var recorded = new RecordedMetrics(_meter);
        await peer.SendFrameAsync([0, ProduceKey, 1, 2]);
        await peer.ReadFrameAsync();
        Assert.NotEqual(0, time.Reads);
    }

    [Fact]
    public void Recording_a_request_allocates_nothing()
    {
        long sum = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => l.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref sum));
        listener.Start();
        var latency = new RequestLatency(_meter, "Produce", TimeProvider.System);
        const int warmUp = 20_000;
        const int counted = 10_000;
        long allocated = 0;
        for (int i = 0; i < warmUp + counted; i++)
        {
            if (i == warmUp)
            {
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            var times = default(RequestTimes);
            times.Begin(latency, latency.Now());
            times.MarkWaiting();
            times.MarkCompleted();
            times.Record(latency.Now());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.True(Interlocked.Read(ref sum) >= 4 * (warmUp + counted));
    }

    public void Dispose() => _meter.Dispose();

    private sealed class CountingTime : TimeProvider
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref _reads);
            return base.GetTimestamp();
        }
    }
}
