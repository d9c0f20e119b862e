using System.Diagnostics;
using System.Globalization;

namespace FastLog.Server.Commands;

/// <summary>A line on stderr that is rewritten twice a second, when stderr is a terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int PeriodMs = 500;

    private readonly Func<double, string> _text;
    private readonly Timer? _timer;
    private readonly Lock _gate = new();
    private long _shownAt = Stopwatch.GetTimestamp();
    private long _countShown;
    private int _width;
    private Func<long>? _count;

    private ProgressLine(Func<double, string> text, Func<long> count, bool isShown)
    {
        _text = text;
        _count = count;
        _timer = isShown ? new Timer(_ => Show(), null, PeriodMs, PeriodMs) : null;
    }

    /// <summary>Starts showing.</summary>
    /// <param name="text">Makes the line from the counts per second since it was last shown.</param>
    /// <param name="count">How many there are by now.</param>
    /// <param name="isWanted">False to show nothing, terminal or not.</param>
    public static ProgressLine Start(Func<double, string> text, Func<long> count, bool isWanted = true) =>
        new(text, count, isWanted && !Console.IsErrorRedirected);

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _count = null;
            if (_width > 0)
            {
                Console.Error.Write("\r" + new string(' ', _width) + "\r");
            }
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            if (_count is null)
            {
                return;
            }

            var count = _count();
            var seconds = Stopwatch.GetElapsedTime(_shownAt).TotalSeconds;
            var text = _text((count - _countShown) / seconds);
            _shownAt = Stopwatch.GetTimestamp();
            _countShown = count;
            var padded = text.PadRight(_width);
            _width = text.Length;
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{padded}"));
        }
    }
}
