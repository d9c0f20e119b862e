using FastLog.Load.Measuring;
using FastLog.LoadGen.Suite.Reports;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>Runs loads by librdkafka's <c>rdkafka_performance</c>. The time is its own; what the broker used is read
/// around the whole process, connecting included.</summary>
internal sealed class RdkafkaDriver(string program, RawOutput raw) : ILoadDriver
{
    public Driver Kind => Driver.Rdkafka;

    /// <inheritdoc/>
    public bool WarmsUp => false;

    /// <inheritdoc/>
    public async Task<RunFigures> RunAsync(LoadOrder order, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> arguments = RdkafkaCommandLine.Of(order);
        double childrenBefore = ChildrenCpu.Seconds();
        Measurement measurement = Measurement.Start(order.Target.Pid);
        (RdkafkaSummary summary, string output) = await RunAsync(arguments, order, cancellationToken);
        Measured measured = measurement.Stop();
        double generator = ChildrenCpu.Seconds() - childrenBefore;
        await raw.WriteAsync($"{order.Scenario.Name}-rdkafka-{order.Target.Name}-{order.Run}.txt", output, cancellationToken);
        return new RunFigures
        {
            Run = order.Run,
            Command = string.Join(' ', [Path.GetFileName(program), .. arguments]),
            Seconds = summary.Seconds,
            RecordsCount = summary.RecordsCount,
            BytesCount = summary.BytesCount,
            Broker = measured.Broker,
            GeneratorCpuSeconds = generator,
            OthersCpuSeconds = Math.Max(0, measured.OthersCpuSeconds - generator),
            WatchedSeconds = measured.Seconds,
        };
    }

    private async Task<(RdkafkaSummary Summary, string Output)> RunAsync(
        IReadOnlyList<string> arguments, LoadOrder order, CancellationToken cancellationToken)
    {
        ChildOutput child = await ChildProcess.RunAsync(program, arguments, isErrorShown: false, cancellationToken);
        string output = child.Output + child.Error;
        if (child.ExitCode != 0)
        {
            throw new SuiteException($"rdkafka_performance ended with exit code {child.ExitCode}: {child.LastErrorLine}");
        }

        try
        {
            RdkafkaSummary summary = RdkafkaSummary.Parse(output);
            // A consumer gets whole batches, and may count a few records beyond what it was asked for.
            return summary.FailedCount == 0 && summary.RecordsCount >= order.RecordsCount
                ? (summary, output)
                : throw new SuiteException(
                    $"rdkafka_performance moved {summary.RecordsCount} of {order.RecordsCount} records, {summary.FailedCount} failed");
        }
        catch (FormatException e)
        {
            throw new SuiteException(e.Message, e);
        }
    }
}
