using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FastLog.LoadGen.Suite.Targets;

/// <summary>A FastLog broker in a process of its own, on a fresh folder and a free port.</summary>
internal sealed partial class BrokerProcess : IAsyncDisposable
{
    private const int TerminateSignal = 15;

    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StreamWriter _output;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string _lastLine = "it printed nothing";

    private BrokerProcess(ProcessStartInfo start, string address, string outputFile)
    {
        Address = address;
        CommandLine = string.Join(' ', ["fastlog", .. start.ArgumentList]);
        _output = new StreamWriter(outputFile, append: true) { AutoFlush = true };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.Exited += (_, _) => _ready.TrySetException(Ended());
        StartedAt = Stopwatch.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Address { get; }

    public string CommandLine { get; }

    public int Pid => _process.Id;

    /// <summary>When the process was asked for, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>Starts one; it may not listen yet.</summary>
    /// <param name="program">The executable <c>fastlog</c>.</param>
    /// <param name="logFolder">Where its log goes.</param>
    /// <param name="outputFile">What it prints is appended here.</param>
    public static BrokerProcess Start(string program, string logFolder, string outputFile)
    {
        string address = $"127.0.0.1:{FreePort.Find()}";
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] settings =
        [
            $"listeners=PLAINTEXT://{address}",
            $"log.dirs={logFolder}",
            // Its metrics are served, but not on a port that another broker of this machine may have.
            "http.listeners=http://127.0.0.1:0",
            "log.flush.interval.messages=1",
            // What a scenario leaves behind is gone before the next one starts.
            "log.segment.delete.delay.ms=0",
        ];
        start.ArgumentList.Add("server");
        foreach (string setting in settings)
        {
            start.ArgumentList.Add("--override");
            start.ArgumentList.Add(setting);
        }

        return new BrokerProcess(start, address, outputFile);
    }

    /// <exception cref="SuiteException">It ended instead, or takes too long.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _ready.Task.WaitAsync(StartTimeMax, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new SuiteException($"the broker was not ready after {StartTimeMax.TotalSeconds} s", e);
        }
    }

    /// <exception cref="SuiteException">It has ended by itself.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
        {
            throw Ended();
        }
    }

    /// <summary>Asks it to end, and waits.</summary>
    /// <exception cref="SuiteException">It did not, or with an error.</exception>
    public async Task StopAsync()
    {
        _ = SendSignal(_process.Id, TerminateSignal);
        using CancellationTokenSource limit = new(StopTimeMax);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new SuiteException($"the broker did not stop within {StopTimeMax.TotalSeconds} s", e);
        }

        if (_process.ExitCode != 0)
        {
            throw new SuiteException($"the broker ended with exit code {_process.ExitCode}");
        }
    }

    /// <summary>Ends it if it is there yet.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        await _output.DisposeAsync();
        _ = _ready.Task.Exception;
    }

    private SuiteException Ended() => new($"the broker ended with exit code {_process.ExitCode}; the last it printed: {_lastLine}");

    private void OnLine(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is not { } line)
        {
            return;
        }

        lock (_output)
        {
            _output.WriteLine(line);
            _lastLine = line;
        }

        if (line.Contains(" ready on ", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
