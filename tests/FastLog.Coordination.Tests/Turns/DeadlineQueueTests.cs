namespace FastLog.Coordination.Tests.Turns;

public sealed class DeadlineQueueTests
{
    private readonly DeadlineQueue _queue = new();
    private readonly List<string> _happened = [];

    [Fact]
    public void Deadlines_happen_in_their_order_and_once()
    {
        Named("b").Set(20);
        Named("a").Set(10);
        Assert.Equal(10, _queue.NextMs);
        RunUntil(9);
        Assert.Empty(_happened);
        RunUntil(20);
        RunUntil(1_000);
        Assert.Equal(["a", "b"], _happened);
        Assert.Null(_queue.NextMs);
    }

    [Fact]
    public void One_that_is_put_off_happens_at_the_later_time_only()
    {
        var deadline = Named("a");
        deadline.Set(10);
        deadline.Set(30);
        RunUntil(29);
        Assert.Empty(_happened);
        Assert.Equal(30, _queue.NextMs);
        RunUntil(30);
        Assert.Equal(["a"], _happened);
    }

    [Fact]
    public void One_that_is_brought_forward_happens_at_the_earlier_time_only()
    {
        var deadline = Named("a");
        deadline.Set(30);
        deadline.Set(10);
        Assert.Equal(10, _queue.NextMs);
        RunUntil(10);
        Assert.Equal(["a"], _happened);
        RunUntil(30);
        Assert.Single(_happened);
    }

    [Fact]
    public void One_that_is_cleared_does_not_happen_and_may_be_set_anew()
    {
        var deadline = Named("a");
        deadline.Set(10);
        deadline.Clear();
        Assert.Null(deadline.AtMs);
        RunUntil(10);
        Assert.Empty(_happened);
        deadline.Set(20);
        deadline.Clear();
        deadline.Set(20);
        RunUntil(20);
        Assert.Equal(["a"], _happened);
    }

    [Fact]
    public void One_may_be_set_again_while_it_happens()
    {
        Deadline deadline = null!;
        deadline = new Deadline(_queue, turn =>
        {
            _happened.Add($"at {turn.NowMs}");
            Assert.Null(deadline.AtMs);
            if (_happened.Count < 3)
            {
                deadline.Set(turn.NowMs + 10);
            }
        });
        deadline.Set(10);
        RunUntil(10);
        RunUntil(20);
        RunUntil(100);
        Assert.Equal(["at 10", "at 20", "at 100"], _happened);
    }

    [Fact]
    public void Putting_off_leaves_the_queue_as_long_as_it_was()
    {
        var deadline = Named("a");
        for (var atMs = 1; atMs <= 1_000; atMs++)
        {
            deadline.Set(atMs);
        }

        // One entry, which stands at the first time: looking there moves it, and nothing is left in between.
        Assert.Equal(1, _queue.NextMs);
        RunUntil(1);
        Assert.Equal(1_000, _queue.NextMs);
        Assert.Empty(_happened);
    }

    [Fact]
    public void What_happens_is_what_a_plain_list_of_times_says()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var queue = new DeadlineQueue();
            var times = new long?[6];
            var due = new List<(int Which, long NowMs)>();
            var nowMs = 0L;
            List<Deadline> deadlines = [];
            deadlines.AddRange(Enumerable.Range(0, times.Length).Select(which => new Deadline(queue, turn =>
            {
                Assert.True(times[which] <= turn.NowMs, $"seed {seed}: {which} happens at {turn.NowMs}, set for {times[which]}");
                times[which] = null;
                due.Add((which, turn.NowMs));
                if (random.Next(3) == 0)
                {
                    Set(which, turn.NowMs + random.Next(1, 20));
                }
            })));
            void Set(int which, long atMs)
            {
                times[which] = atMs;
                deadlines[which].Set(atMs);
            }

            for (var step = 0; step < 200; step++)
            {
                var which = random.Next(times.Length);
                switch (random.Next(4))
                {
                    case 0:
                        times[which] = null;
                        deadlines[which].Clear();
                        break;
                    case 1:
                        nowMs += random.Next(15);
                        var expected = times.Count(time => time <= nowMs);
                        due.Clear();
                        Run(queue, nowMs);
                        Assert.True(due.Count == expected, $"seed {seed} step {step}: {due.Count} happened of {expected}");
                        break;
                    default:
                        Set(which, nowMs + random.Next(1, 40));
                        break;
                }

                Assert.True(queue.NextMs is null ? times.All(time => time is null) : !times.Any(time => time < queue.NextMs), $"seed {seed}");
                Assert.Equal(times, deadlines.Select(deadline => deadline.AtMs));
            }
        }
    }

    private static void Run(DeadlineQueue queue, long nowMs)
    {
        while (queue.TakeDue(nowMs) is { } deadline)
        {
            deadline.Run(new Turn(nowMs, Simulation.SimulatedTopics.None));
        }
    }

    private void RunUntil(long nowMs) => Run(_queue, nowMs);

    private Deadline Named(string name) => new(_queue, _ => _happened.Add(name));
}
