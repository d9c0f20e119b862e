namespace FastLog.Load.Measuring;

/// <summary>Takes latencies from any thread and gives them out twice: interval by interval, and all together.</summary>
public sealed class LatencyRecorder
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _total = new();
    private LatencyHistogram _current = new();
    private LatencyHistogram _spare = new();

    /// <summary>Takes a latency, <paramref name="times"/> times; a negative one, of two clocks read on two CPUs, is 0.</summary>
    public void Record(long latencyNs, long times = 1)
    {
        lock (_gate)
        {
            _current.Record(Math.Max(0, latencyNs), times);
        }
    }

    /// <summary>Takes one latency for each token, which is the time that the latency counts from.</summary>
    /// <remarks>Neighbours often share a time, so a batch of thousands is a few dozen entries.</remarks>
    public void RecordSince(ReadOnlySpan<long> tokensNs, long nowNs)
    {
        lock (_gate)
        {
            while (!tokensNs.IsEmpty)
            {
                int run = tokensNs.IndexOfAnyExcept(tokensNs[0]);
                run = run < 0 ? tokensNs.Length : run;
                _current.Record(Math.Max(0, nowNs - tokensNs[0]), run);
                tokensNs = tokensNs[run..];
            }
        }
    }

    /// <summary>Ends the interval. What is returned is valid until the next call.</summary>
    public LatencyHistogram EndInterval()
    {
        LatencyHistogram ended;
        lock (_gate)
        {
            ended = _current;
            _current = _spare;
            _current.Clear();
            _spare = ended;
            _total.Add(ended);
        }

        return ended;
    }

    /// <summary>All that was recorded, the interval that has not ended included.</summary>
    public LatencyHistogram Total()
    {
        LatencyHistogram total = new();
        lock (_gate)
        {
            total.Add(_total);
            total.Add(_current);
        }

        return total;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _total.Clear();
            _current.Clear();
            _spare.Clear();
        }
    }
}
