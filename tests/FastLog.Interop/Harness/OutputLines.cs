namespace FastLog.Interop.Harness;

/// <summary>The lines a process has written, the newest few thousand of them; lines can be waited for.</summary>
internal sealed class OutputLines
{
    private const int LinesMax = 5_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string?> Found)> _waiting = [];
    private bool _ended;

    /// <summary>Adds a line; null means that no more will come.</summary>
    public void Add(string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                _ended = true;
                _waiting.ForEach(waiter => waiter.Found.TrySetResult(null));
                _waiting.Clear();
                return;
            }

            _lines.Enqueue(line);
            if (_lines.Count > LinesMax)
            {
                _lines.Dequeue();
            }

            _waiting.Where(waiter => waiter.Wanted(line)).ToList().ForEach(waiter => waiter.Found.TrySetResult(line));
            _waiting.RemoveAll(waiter => waiter.Found.Task.IsCompleted);
        }
    }

    /// <summary>Completes with the first line that is wanted, written already or later; with null when the output ends before.</summary>
    public Task<string?> FirstAsync(Func<string, bool> wanted)
    {
        lock (_lock)
        {
            string? line = _lines.FirstOrDefault(wanted);
            if (line is not null || _ended)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, found));
            return found.Task;
        }
    }

    /// <summary>The lines written so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines);
}
