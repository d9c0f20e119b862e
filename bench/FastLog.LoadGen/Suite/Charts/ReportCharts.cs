using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Charts;

/// <summary>The drawings of a run. What was not measured is not drawn.</summary>
internal static class ReportCharts
{
    /// <param name="report">The run.</param>
    /// <param name="historyLines">Earlier runs, the oldest first.</param>
    public static IReadOnlyList<(string File, string Title, string Svg)> Draw(SuiteReport report, IReadOnlyList<string> historyLines)
    {
        List<(string File, string Title, string? Svg)> charts =
        [
            ("compared.svg", "FastLog, limits, peers and the run before", ComparedBars.Throughput(report, historyLines)),
            ("cpu.svg", "Broker CPU for what was moved", ComparedBars.Cpu(report, historyLines)),
            ("throughput-batches.svg", "Throughput over time, full batches", OverTime(
                report, "Throughput over time, full batches (own generator, the median run)", "MB/s", IsBatched, MegabytesPerSecond)),
            ("throughput-requests.svg", "Throughput over time, one record a request", OverTime(
                report, "Throughput over time, one record a request (own generator, the median run)", "records/s",
                load => load.IsRecordPerRequest, RecordsPerSecond)),
            ("latency.svg", "Latency percentiles", Latency(report)),
            ("cpu-time-batches.svg", "Broker CPU over time, full batches", OverTime(
                report, "CPUs that the broker kept busy, full batches (own generator, the median run)", "CPUs", IsBatched,
                sample => sample.BrokerCpus)),
            ("cpu-time-requests.svg", "Broker CPU over time, small requests", OverTime(
                report, "CPUs that the broker kept busy, small requests (own generator, the median run)", "CPUs",
                load => load.IsLoad && !IsBatched(load), sample => sample.BrokerCpus)),
        ];
        return [.. charts.Where(chart => chart.Svg is not null).Select(chart => (chart.File, chart.Title, chart.Svg!))];
    }

    private static bool IsBatched(LoadShape load) => load is { IsLoad: true, IsOfGroups: false, IsRecordPerRequest: false, Rate: null };

    private static double? MegabytesPerSecond(TimelineSample sample) =>
        sample.Seconds > 0 ? (sample.ProducedBytesCount + sample.ConsumedBytesCount) / 1e6 / sample.Seconds : null;

    private static double? RecordsPerSecond(TimelineSample sample) => sample.ProducedRecordsPerSecond;

    private static string? OverTime(
        SuiteReport report, string title, string unit, Func<LoadShape, bool> isShown, Func<TimelineSample, double?> value)
    {
        Series[] series = [.. from result in report.Results
            where isShown(result.Scenario.Load)
            from measured in result.Cases
            where measured.Driver == Driver.Own
            let points = Points(measured.Middle.Timeline, value)
            where points.Length > 1
            select new Series(measured.IsPeer ? $"{result.Scenario.Name}, {measured.Target}" : result.Scenario.Name, points)];
        return series.Length == 0 ? null : LineChart.Draw(
            title,
            Axis.Linear("seconds", series.SelectMany(one => one.Points).Select(point => point.X)),
            Axis.Linear(unit, series.SelectMany(one => one.Points).Select(point => point.Y)),
            series,
            hasDots: false);
    }

    private static (double X, double Y)[] Points(IReadOnlyList<TimelineSample> samples, Func<TimelineSample, double?> value) =>
        [.. samples.Select(sample => (sample.AtSeconds, value(sample)))
            .Where(point => point.Item2 is not null)
            .Select(point => (point.AtSeconds, point.Item2!.Value))];

    private static string? Latency(SuiteReport report)
    {
        Series[] series = [.. from result in report.Results
            where result.Scenario.Load.Rate is not null
            from measured in result.Cases
            let latency = measured.Middle.Latency
            where latency is not null
            select new Series($"{result.Scenario.Name}, {measured.Target}", Percentiles(latency))];
        return series.Length == 0 ? null : LineChart.Draw(
            "Latency of open loops, from the intended send time (the median run)",
            Axis.Percentiles("percentile"),
            Axis.Logarithmic("ms", series.SelectMany(one => one.Points).Select(point => point.Y)),
            series,
            hasDots: true);
    }

    private static (double X, double Y)[] Percentiles(LatencySummary latency)
    {
        List<(double X, double Y)> points =
            [(50, latency.P50Ms), (90, latency.P90Ms), (99, latency.P99Ms), (99.9, latency.P999Ms)];
        if (latency.P9999Ms > 0)
        {
            points.Add((99.99, latency.P9999Ms));
        }

        return [.. points, (100, latency.MaxMs)];
    }
}
