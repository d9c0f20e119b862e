using System.Diagnostics;
using System.Globalization;
using FastLog.Load.Loads;

namespace FastLog.Load.Sink;

/// <summary>A <see cref="SinkServer"/> in a process of its own, so that its CPU time is not the generator's.</summary>
/// <remarks>It ends when its standard input does, and so with this process, whatever ends that.</remarks>
internal sealed class SinkProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private SinkProcess(Process process, int port)
    {
        _process = process;
        BootstrapServers = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    public int Pid => _process.Id;

    public string BootstrapServers { get; }

    /// <summary>Starts this program again as a sink.</summary>
    /// <param name="command">The names of the command that makes a program a sink.</param>
    /// <param name="partitionsCount">How many partitions every topic has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadFailedException">It does not start.</exception>
    public static async Task<SinkProcess> StartAsync(
        IEnumerable<string> command, int partitionsCount, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = Self();
        foreach (string name in command)
        {
            start.ArgumentList.Add(name);
        }

        start.ArgumentList.Add("--partitions");
        start.ArgumentList.Add(partitionsCount.ToString(CultureInfo.InvariantCulture));
        Process process = Process.Start(start) ?? throw new LoadFailedException("the sink does not start");
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync(cancellationToken)
                .AsTask().WaitAsync(StartMax, cancellationToken).ConfigureAwait(false);
            return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
                ? new SinkProcess(process, port)
                : throw new LoadFailedException($"the sink says '{line}' where its port should be");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndMax).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>This program: an executable of its own, or a library that <c>dotnet</c> runs.</summary>
    private static ProcessStartInfo Self()
    {
        string program = Environment.ProcessPath ?? throw new LoadFailedException("it is not known which program this is");
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        return start;
    }
}
