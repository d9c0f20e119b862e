using System.Diagnostics;

namespace FastLog.Interop.Harness;

/// <summary>A program we did not write, running beside the test until it is asked to end, killed, or disposed of.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan EndTimeMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Action<string> _onLine;

    private RunningProgram(Process process, Action<string> onLine)
    {
        _process = process;
        _onLine = onLine;
    }

    /// <summary>What it has written to stdout and stderr.</summary>
    public OutputLines Output { get; } = new();

    /// <summary>True until it has ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="onLine">Told of every line it writes to stdout or stderr, one at a time for each of the two.</param>
    public static RunningProgram Start(string program, IEnumerable<string> arguments, Action<string> onLine)
    {
        var running = new RunningProgram(new Process { StartInfo = ExternalProgram.StartInfo(program, arguments) }, onLine);
        running._process.OutputDataReceived += running.OnLine;
        running._process.ErrorDataReceived += running.OnLine;
        running._process.Start();
        running._process.StandardInput.Close();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Ends it at once (SIGKILL) and takes what it had written.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM), takes all that it writes and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Signals.Terminate(_process);
        using var deadline = new CancellationTokenSource(EndTimeMax);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not ended {EndTimeMax.TotalSeconds} s after it should have. It wrote:\n{Output}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void OnLine(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not null)
        {
            Output.Add(e.Data);
            _onLine(e.Data);
        }
    }
}
