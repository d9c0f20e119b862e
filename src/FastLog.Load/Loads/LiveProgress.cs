using System.Globalization;
using FastLog.Load.Measuring;

namespace FastLog.Load.Loads;

/// <summary>A line on standard error that says how far a phase is and how fast: written over itself on a terminal, one
/// under the other elsewhere.</summary>
internal sealed class LiveProgress : IDisposable
{
    private static readonly TimeSpan TerminalPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OtherPeriod = TimeSpan.FromSeconds(1);

    private readonly string _phase;
    private readonly long _recordsCount;
    private readonly Func<long> _doneCount;
    private readonly ITimer? _timer;
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private long _lastCount;
    private long _lastAtNs = MonotonicClock.NowNs;

    private LiveProgress(string phase, long recordsCount, Func<long> doneCount, bool isShown)
    {
        _phase = phase;
        _recordsCount = recordsCount;
        _doneCount = doneCount;
        if (isShown)
        {
            TimeSpan period = _isTerminal ? TerminalPeriod : OtherPeriod;
            _timer = TimeProvider.System.CreateTimer(_ => Show(), null, period, period);
        }
    }

    /// <summary>Shows a phase until it is disposed.</summary>
    /// <param name="target">Says whether to.</param>
    /// <param name="phase">Its name.</param>
    /// <param name="recordsCount">How many records it is for; <see cref="long.MaxValue"/> when it is for a time.</param>
    /// <param name="doneCount">How many are done.</param>
    public static IDisposable Start(LoadTarget target, string phase, long recordsCount, Func<long> doneCount) =>
        new LiveProgress(phase, recordsCount, doneCount, target.ShowsProgress);

    public void Dispose()
    {
        _timer?.Dispose();
        if (_timer is not null && _isTerminal)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }

    private void Show()
    {
        long nowNs = MonotonicClock.NowNs;
        long count = _doneCount();
        double rate = Math.Max(0, count - _lastCount) * 1e9 / Math.Max(1, nowNs - _lastAtNs);
        (_lastCount, _lastAtNs) = (count, nowNs);
        string of = _recordsCount == long.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" of {_recordsCount:N0}");
        string line = string.Create(CultureInfo.InvariantCulture, $"{_phase}: {count:N0}{of} records, {rate:N0} records/s");
        Console.Error.Write(_isTerminal ? $"\r\u001b[K{line}" : line + Environment.NewLine);
    }
}
