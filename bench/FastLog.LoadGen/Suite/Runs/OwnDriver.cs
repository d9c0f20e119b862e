using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Reports;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>Runs loads by FastLog's own generator: this program, in a process of its own.</summary>
internal sealed class OwnDriver(RawOutput raw) : ILoadDriver
{
    public Driver Kind => Driver.Own;

    /// <inheritdoc/>
    public bool WarmsUp => true;

    /// <inheritdoc/>
    public async Task<RunFigures> RunAsync(LoadOrder order, CancellationToken cancellationToken)
    {
        string json = await RunAsync(OwnCommandLine.Of(order), cancellationToken);
        await raw.WriteAsync($"{order.Scenario.Name}-own-{order.Target.Name}-{order.Run}.json", json, cancellationToken);
        return RunFigures.Of(ResultJson.ReadResult(json), order.Run);
    }

    /// <summary>Runs the generator with any arguments; returns what it printed.</summary>
    /// <exception cref="SuiteException">It failed.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string program = Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            arguments = [typeof(OwnDriver).Assembly.Location, .. arguments];
        }

        ChildOutput child = await ChildProcess.RunAsync(
            program, arguments, isErrorShown: !Console.IsErrorRedirected, cancellationToken);
        return child.ExitCode == 0
            ? child.Output
            : throw new SuiteException($"the generator ended with exit code {child.ExitCode}: {child.LastErrorLine}");
    }
}
