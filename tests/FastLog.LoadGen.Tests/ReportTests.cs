using System.Text.Json;
using System.Xml.Linq;
using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Charts;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Runs;

namespace FastLog.LoadGen.Tests;

public sealed class ReportTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_report_has_the_table_the_misses_and_the_circumstances()
    {
        string text = Render(Sample());
        Assert.Contains("# Benchmark of 1970-01-01 00:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("| produce-100b-64p-fsync | own | FastLog | 1,000,000 | 100.0 | 2.50 | 0.25 |", text, StringComparison.Ordinal);
        Assert.Contains("| 1,000.0 MB/s (disk) | 10 % |", text, StringComparison.Ordinal);
        Assert.Contains("≥ 1,300,000 records/s ✗, ≤ 3 broker CPU s/GB ✓", text, StringComparison.Ordinal);
        Assert.Contains("- produce-100b-64p-fsync: 1,000,000 records/s, by own; goal ≥ 1,300,000 records/s", text, StringComparison.Ordinal);
        Assert.DoesNotContain("- produce-100b-64p-fsync: 2.50", text, StringComparison.Ordinal);
        Assert.Contains("load average before the run 0.10 0.20 0.30; others took up to 7 % of one CPU", text, StringComparison.Ordinal);
        Assert.Contains("the broker reported 1 (synced before every acknowledgement)", text, StringComparison.Ordinal);
        Assert.Contains("ceiling", text, StringComparison.Ordinal);
        Assert.Contains("![Latency](charts/latency.svg)", text, StringComparison.Ordinal);
        Assert.Contains("Apache Kafka 4.0.0, warmed up, measured on 2 cores", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_failed_and_what_had_no_peer_is_named()
    {
        SuiteReport report = SuiteSamples.Report(
            new ScenarioResult { Scenario = SuiteSamples.Named("start"), Failure = "it did not start" },
            SuiteSamples.Result("produce-100b-acks1", SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 1)));
        string text = Render(report);
        Assert.Contains("- start failed: it did not start", text, StringComparison.Ordinal);
        Assert.Contains("- start: not measured; goal ≤ 0.4 s to first ack", text, StringComparison.Ordinal);
        Assert.Contains("- produce-100b-acks1: not measured, no peer was given; goal ≥ 1.2", text, StringComparison.Ordinal);
        Assert.Contains("failed: it did not start", TerminalTable.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Ratios_stand_in_report_and_table()
    {
        Assert.Contains("| produce-100b-64p-fsync | own | peer | 2.00 x records/s, 1.00 x broker CPU s/GB, 1.00 x p99 ms |", Render(Sample()), StringComparison.Ordinal);
        string table = TerminalTable.Render(Sample());
        Assert.Contains("FastLog / peer: 2.00 x records/s", table, StringComparison.Ordinal);
        Assert.Contains("2 goals reached, 4 not:", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_history_is_one_line_and_is_found_again()
    {
        string line = ResultJson.Write(HistoryLine.Of(Sample()), isIndented: false);
        Assert.DoesNotContain('\n', line);
        string[] lines =
        [
            line,
            "{\"date\":\"2026-01-01T00:00:00+00:00\",\"other\":1}",
            line.Replace("\"recordsPerSecond\":1000000", "\"recordsPerSecond\":1234567", StringComparison.Ordinal),
            "no line",
        ];
        Assert.Equal(1_234_567, History.Last(lines, "produce-100b-64p-fsync", "own")?.RecordsPerSecond);
        Assert.Null(History.Last(lines, "produce-100b-64p-fsync", "rdkafka"));
    }

    [Fact]
    public void Results_are_json_with_medians_and_verdicts()
    {
        using JsonDocument json = JsonDocument.Parse(ResultJson.Write(Sample(), isIndented: true));
        JsonElement first = json.RootElement.GetProperty("results")[0].GetProperty("cases")[0];
        Assert.Equal(1_000_000, first.GetProperty("medianByFigure").GetProperty("RecordsPerSecond").GetDouble());
        Assert.Equal(6, json.RootElement.GetProperty("verdicts").GetArrayLength());
        Assert.Equal("notReached", json.RootElement.GetProperty("verdicts")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public void Paths_of_the_machine_are_taken_out_the_inner_first()
    {
        PathScrubber scrubber = new(new Dictionary<string, string> { ["/home/me"] = ".", ["/home/me/data"] = "DIR" });
        Assert.Equal("log.dirs=DIR/log in ./perf-reports", scrubber.Clean("log.dirs=/home/me/data/log in /home/me/perf-reports"));
    }

    [Fact]
    public void Charts_are_drawings_without_anything_from_elsewhere()
    {
        IReadOnlyList<(string File, string Title, string Text)> charts = ReportCharts.Draw(Sample(), []);
        Assert.Equal(
            ["compared.svg", "cpu.svg", "throughput-batches.svg", "latency.svg", "cpu-time-batches.svg", "cpu-time-requests.svg"],
            charts.Select(chart => chart.File));
        Assert.All(charts, chart =>
        {
            XElement root = XDocument.Parse(chart.Text).Root!;
            Assert.Equal(Svg + "svg", root.Name);
            Assert.Equal(["circle", "line", "polyline", "rect", "svg", "text", "title"], root.DescendantsAndSelf()
                .Select(element => element.Name.LocalName).Concat(["circle", "line", "polyline", "rect"]).Distinct().Order());
            Assert.DoesNotContain("NaN", chart.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("href", chart.Text, StringComparison.Ordinal);
        });
        XElement[] Of(string file, string element) =>
            [.. XDocument.Parse(charts.Single(chart => chart.File == file).Text).Descendants(Svg + element)];
        // FastLog, the peer, a goal, disk and loopback; FastLog's and the peer's lines and one line with dots, each with a swatch.
        Assert.Equal(5, Of("compared.svg", "rect").Length);
        Assert.Equal(2 + 2, Of("throughput-batches.svg", "polyline").Length);
        Assert.Equal((1 + 1, 6), (Of("latency.svg", "polyline").Length, Of("latency.svg", "circle").Length));
        Assert.Contains(Of("latency.svg", "text"), text => text.Value == "99.9");
    }

    [Fact]
    public void What_is_drawn_stays_within_the_drawing_and_names_do_not_cover_each_other()
    {
        Series[] many = [.. Enumerable.Range(0, 12).Select(i => new Series($"a-scenario-with-a-name-{i}", [(0, i), (1.5, 7 * i), (9, 3)]))];
        XElement root = XDocument.Parse(LineChart.Draw(
            "title", Axis.Linear("s", [9]), Axis.Linear("MB/s", [77]), many, hasDots: true)).Root!;
        double width = (double)root.Attribute("width")!;
        double height = (double)root.Attribute("height")!;
        Assert.All(root.Elements(Svg + "circle"), dot =>
        {
            Assert.InRange((double)dot.Attribute("cx")!, 0, width);
            Assert.InRange((double)dot.Attribute("cy")!, 0, height);
        });
        (double Start, double End, double Y)[] names = [.. root.Elements(Svg + "text")
            .Where(text => text.Value.StartsWith("a-scenario", StringComparison.Ordinal))
            .Select(text => ((double)text.Attribute("x")!, (double)text.Attribute("x")! + SvgDrawing.WidthOf(text.Value), (double)text.Attribute("y")!))];
        Assert.Equal(12, names.Length);
        Assert.All(names, name => Assert.InRange(name.End, 0, width));
        Assert.All(names.Zip(names.Skip(1)), pair => Assert.True(pair.First.Y < pair.Second.Y || pair.First.End < pair.Second.Start));
    }

    private static SuiteReport Sample() => SuiteSamples.Report(
        SuiteSamples.Result(
            "produce-100b-64p-fsync",
            SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 1, 3, 0.5),
            SuiteSamples.Case("peer", Driver.Own, 2)),
        SuiteSamples.Result("open-loop-20k-fsync", SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 50)),
        new ScenarioResult
        {
            Scenario = SuiteSamples.Named("resident-memory"),
            Cases =
            [
                new CaseResult
                {
                    Driver = Driver.Own,
                    Target = SuiteSamples.Own,
                    Runs = [SuiteSamples.Run(0) with { Seconds = 0, WatchedSeconds = 0, RecordsCount = 0, BytesCount = 0, Timeline = [], Latency = null, ResidentBytes = 300_000_000 }],
                },
            ],
        });

    private static string Render(SuiteReport report) => new MarkdownReport(report, [("charts/latency.svg", "Latency")]).Render();
}
