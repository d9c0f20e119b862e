using System.Diagnostics;
using System.Globalization;

namespace FastLog.Load.Loads;

/// <summary>A line on standard error that says how far a phase is and how fast; only when a person looks at it.</summary>
internal sealed class LiveProgress : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly string _phase;
    private readonly long _recordsCount;
    private readonly Func<long> _doneCount;
    private readonly ITimer? _timer;
    private long _lastCount;
    private long _lastAt = Stopwatch.GetTimestamp();

    private LiveProgress(string phase, long recordsCount, Func<long> doneCount)
    {
        _phase = phase;
        _recordsCount = recordsCount;
        _doneCount = doneCount;
        if (!Console.IsErrorRedirected)
        {
            _timer = TimeProvider.System.CreateTimer(_ => Show(), null, Period, Period);
        }
    }

    public static IDisposable Start(string phase, long recordsCount, Func<long> doneCount) =>
        new LiveProgress(phase, recordsCount, doneCount);

    public void Dispose()
    {
        if (_timer is not null)
        {
            _timer.Dispose();
            Console.Error.Write("\r\u001b[K");
        }
    }

    private void Show()
    {
        long count = _doneCount();
        double seconds = Stopwatch.GetElapsedTime(_lastAt).TotalSeconds;
        double rate = Math.Max(0, count - _lastCount) / seconds;
        _lastCount = count;
        _lastAt = Stopwatch.GetTimestamp();
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\r\u001b[K{_phase}: {count:N0} of {_recordsCount:N0} records, {rate:N0} records/s"));
    }
}
