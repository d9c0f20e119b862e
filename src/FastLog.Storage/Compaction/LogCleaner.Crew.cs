using System.Diagnostics.CodeAnalysis;

namespace FastLog.Storage;

/// <content>The threads.</content>
public sealed partial class LogCleaner
{
    /// <summary>The threads that clean with one set of options.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The next crew may still wait for this one; the collector frees its event.")]
    private sealed class Crew
    {
        private readonly LogCleaner _owner;
        private readonly CleanerThrottle _throttle;
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Thread> _threads = [];

        /// <param name="owner">Who looks for logs.</param>
        /// <param name="options">How to clean.</param>
        /// <param name="before">Who cleaned so far, and has been told to stop.</param>
        public Crew(LogCleaner owner, CleanerOptions options, Crew? before)
        {
            _owner = owner;
            Options = options;
            _throttle = new CleanerThrottle(options.IoBytesPerSecondMax, owner._time);
            Before = before;
            for (int i = 0; options.IsEnabled && i < options.ThreadsCount; i++)
            {
                _threads.Add(new Thread(Run) { Name = "cleaner " + i, IsBackground = true, Priority = ThreadPriority.BelowNormal });
            }
            _threads.ForEach(thread => thread.Start());
        }

        public CleanerOptions Options { get; }

        // Let go of once it has ended, so that no chain of them grows.
        private Crew? Before { get; set; }

        public void Stop() => _stop.Cancel();

        public void Wait()
        {
            Before?.Wait();
            Before = null;
            foreach (Thread thread in _threads)
                thread.Join();
        }

        private void Run()
        {
            Before?.Wait();
            Before = null;
            try
            {
                while (!_stop.IsCancellationRequested)
                {
                    // Made anew after every rest, so that an idle cleaner holds no memory.
                    using (LogCleaning cleaning = new(Options, _throttle))
                    {
                        while (!_stop.IsCancellationRequested && _owner.CleanNext(cleaning, _stop.Token))
                        {
                        }
                    }
                    _stop.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Clamp(Options.BackoffMs, 1, int.MaxValue)));
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
        }
    }
}
