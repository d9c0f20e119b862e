using FastLog.Broker.Delayed;

namespace FastLog.Broker.Tests.Delayed;

public sealed class TimerWheelTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_deadline_is_called_once_and_not_before_its_time()
    {
        using var wheel = new TimerWheel(_time);
        var operation = new Recorder();
        wheel.Schedule(operation, 100);

        wheel.Advance(99 - TimerWheel.TickMs);
        Assert.Equal(0, operation.Calls);
        wheel.Advance(100 + TimerWheel.TickMs);
        wheel.Advance(10_000);
        Assert.Equal(1, operation.Calls);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void A_cancelled_operation_is_never_called()
    {
        using var wheel = new TimerWheel(_time);
        var operation = new Recorder();
        wheel.Schedule(operation, 50);

        Assert.True(wheel.Cancel(operation));
        Assert.False(wheel.Cancel(operation));
        wheel.Advance(1_000);
        Assert.Equal(0, operation.Calls);
    }

    [Fact]
    public void Stopping_calls_what_ends_with_the_broker_and_leaves_the_rest()
    {
        using var wheel = new TimerWheel(_time);
        var ends = new Recorder(endsWithBroker: true);
        var stays = new Recorder();
        wheel.Schedule(stays, 10);
        wheel.Schedule(ends, 1_000_000);

        wheel.Stop();

        Assert.True(wheel.IsStopping);
        Assert.Equal((1, 0, 1), (ends.Calls, stays.Calls, wheel.Count));
        wheel.Advance(2_000_000);
        Assert.Equal((1, 1, 0), (ends.Calls, stays.Calls, wheel.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7_777)]
    [InlineData(20_240_101)]
    public void Random_schedules_fire_at_their_tick_whatever_the_steps(int seed)
    {
        var random = new Random(seed);
        using var wheel = new TimerWheel(_time);
        var waiting = new Dictionary<Recorder, long>();
        var now = 0L;
        for (var step = 0; step < 2_000; step++)
        {
            for (var i = random.Next(4); i > 0; i--)
            {
                var delayMs = random.Next(20_000);
                var operation = new Recorder();
                wheel.Schedule(operation, delayMs);
                waiting.Add(operation, now + delayMs);
            }

            if (waiting.Count > 0 && random.Next(3) == 0)
            {
                var victim = waiting.Keys.ElementAt(random.Next(waiting.Count));
                Assert.True(wheel.Cancel(victim), $"seed {seed}");
                waiting.Remove(victim);
            }

            now += random.Next(10) == 0 ? random.Next(12_000) : random.Next(30);
            _time.NowMs = now;
            wheel.Advance(now);
            foreach (var (operation, dueMs) in waiting.ToArray())
            {
                Assert.True(operation.Calls == 1 || dueMs > now - TimerWheel.TickMs, $"late; seed {seed}");
                Assert.True(operation.Calls == 0 || dueMs <= now, $"early; seed {seed}");
                if (operation.Calls == 1)
                {
                    waiting.Remove(operation);
                }
            }

            Assert.Equal(waiting.Count, wheel.Count);
        }
    }

    private sealed class Recorder(bool endsWithBroker = false) : TimedOperation
    {
        public int Calls { get; private set; }

        internal override bool EndsWithBroker => endsWithBroker;

        internal override void OnDeadline() => Calls++;
    }
}
