using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastLog.Interop.Harness;

/// <summary>
/// A running <c>fastlog server</c>: a process of its own, on a port of its own, with a data directory of its own that
/// outlives kills and restarts and goes away with this object.
/// </summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(60);

    private readonly DataDirectory _data = new();
    private readonly string[] _arguments;
    private Process _process = new();

    private BrokerProcess(Func<BrokerProcess, string[]> arguments) => _arguments = arguments(this);

    /// <summary>The port it listens on, the same after every restart.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>What a client is given to connect to.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Its data directory.</summary>
    public DataDirectory Data => _data;

    /// <summary>What the process that runs now has written to stdout and stderr.</summary>
    public OutputLines Output { get; private set; } = new();

    /// <summary>The line on stdout that said where it listens.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>True until the process has ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Memory and CPU time of the process that runs now.</summary>
    public ProcessFigures Figures => ProcessFigures.Of(_process.Id);

    /// <summary>Starts a broker on an empty directory and waits until it takes connections.</summary>
    /// <param name="overrides">Properties as <c>key=value</c>, on top of port and directory; there is no HTTP unless
    /// <c>http.listeners</c> is among them.</param>
    public static Task<BrokerProcess> StartAsync(params string[] overrides) =>
        LaunchAsync(new BrokerProcess(broker => Arguments(broker.Port, broker.Data.Path, overrides)));

    /// <summary>Starts a broker as <see cref="StartAsync"/> does, with a properties file and nothing else.</summary>
    /// <param name="properties">The file's text, for the broker's port and directory.</param>
    public static Task<BrokerProcess> StartWithFileAsync(Func<int, string, string> properties) =>
        LaunchAsync(new BrokerProcess(broker =>
        {
            string file = Path.Combine(broker.Data.Path, "server.properties");
            File.WriteAllText(file, properties(broker.Port, Path.Combine(broker.Data.Path, "data")) + "\nhttp.listeners=\n");
            return [file];
        }));

    private static async Task<BrokerProcess> LaunchAsync(BrokerProcess broker)
    {
        try
        {
            await broker.LaunchAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process at once (SIGKILL): nothing of its own runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to end (SIGTERM) and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Signals.Terminate(_process);
        return await ExitAsync();
    }

    /// <summary>Waits until the process has ended by itself and returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeMax);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not ended {StopTimeMax.TotalSeconds} s after it should have. It wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Starts the ended process again on the same port and directory.</summary>
    public Task RestartAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The process still runs.");
        }

        _process.Dispose();
        return LaunchAsync();
    }

    /// <summary>Starts the ended process again and kills it on its way up, or right after.</summary>
    /// <param name="moment">Lets the time pass that the process lives.</param>
    /// <returns>Whether it was killed before it was ready.</returns>
    public async Task<bool> RestartAndKillAsync(Action moment)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The process still runs.");
        }

        _process.Dispose();
        OutputLines lines = Launch();
        moment();
        await KillAsync();
        return !lines.Lines.Any(line => line.Contains(Address, StringComparison.Ordinal));
    }

    /// <summary>Runs a second server to its end with these arguments, in this broker's environment.</summary>
    public static Task<ProgramResult> RunServerAsync(params string[] arguments) =>
        ExternalProgram.RunAsync(TestRunPaths.Server, ["server", .. arguments], environment: ServerEnvironment());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process.StartInfo.FileName.Length > 0 && IsRunning)
        {
            await KillAsync();
        }

        _process.Dispose();
        _data.Dispose();
    }

    /// <summary>The arguments that give a server this port and directory.</summary>
    public static string[] Arguments(int port, string directory, params string[] overrides) =>
    [
        .. new[] { "node.id=1", $"listeners=PLAINTEXT://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", $"log.dirs={directory}", "http.listeners=" }
            .Concat(overrides).SelectMany(property => new[] { "--override", property }),
    ];

    private async Task LaunchAsync()
    {
        Launch();
        await WaitUntilReadyAsync();
    }

    private OutputLines Launch()
    {
        var lines = new OutputLines();
        Output = lines;
        _process = new Process
        {
            StartInfo = ExternalProgram.StartInfo(
                TestRunPaths.Server, ["server", .. _arguments], ServerEnvironment()),
        };
        _process.OutputDataReceived += (_, e) => lines.Add(e.Data);
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                lines.Add(e.Data);
            }
        };
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return lines;
    }

    private async Task WaitUntilReadyAsync()
    {
        try
        {
            ReadyLine = await Output.FirstAsync(line => line.Contains(Address, StringComparison.Ordinal)).WaitAsync(StartTimeMax)
                ?? throw new InvalidOperationException($"The server ended before it was ready. It wrote:\n{Output}");
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, Port);
        }
        catch (Exception e) when (e is TimeoutException or SocketException)
        {
            throw new InvalidOperationException($"The server is not ready: {e.Message} It wrote:\n{Output}", e);
        }
    }

    // The apphost looks for the runtime in well-known places; the one these tests run on may lie elsewhere.
    private static Dictionary<string, string> ServerEnvironment() => new()
    {
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
    };
}
