using System.Globalization;
using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Reports;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>The own generator against a sink that only acknowledges.</summary>
internal static class Ceilings
{
    private const long BatchedRecordsCount = 10_000_000;
    private const long SingleRecordsCount = 300_000;

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    /// <summary>What fails is said, and left out.</summary>
    public static async Task<IReadOnlyList<CeilingFigures>> MeasureAsync(
        SuiteExtent extent, RawOutput raw, SuiteProgress progress, CancellationToken cancellationToken)
    {
        (string Name, string Load, long RecordsCount, string[] Options)[] loads =
        [
            ("ceiling-batches", "100 B in full batches", BatchedRecordsCount, []),
            ("ceiling-requests", "one 100 B record a request, 64 on their way", SingleRecordsCount,
                ["--linger-ms", "0", "--batch-records-max", "1", "--in-flight-max", "64", "--idempotent", "false"]),
        ];
        progress.Say("the generator's ceiling");
        List<CeilingFigures> found = [];
        foreach ((string name, string load, long recordsCount, string[] options) in loads)
        {
            string[] arguments =
            [
                "ceiling", "--records", Count(recordsCount, extent), "--warmup-records", Count(recordsCount / 5, extent),
                "--record-size-bytes", "100", "--scenario", name, "--json", .. options,
            ];
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeMax);
            try
            {
                string json = await OwnDriver.RunAsync(arguments, limit.Token);
                await raw.WriteAsync(name + ".json", json, cancellationToken);
                LoadResult result = ResultJson.ReadResult(json);
                found.Add(new CeilingFigures(
                    load, result.RecordsPerSecond, result.MegabytesPerSecond, result.GeneratorCpuSecondsPerGigabyte));
            }
            catch (SuiteException e)
            {
                progress.Say($"FAILED: {name}: {e.Message}");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                progress.Say($"FAILED: {name}: not done after {TimeMax.TotalSeconds} s");
            }
        }

        return found;
    }

    private static string Count(long count, SuiteExtent extent) =>
        Math.Max(1, (long)(count * extent.RecordsScale)).ToString(CultureInfo.InvariantCulture);
}
