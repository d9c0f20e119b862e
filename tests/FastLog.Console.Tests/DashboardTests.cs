using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using FastLog.Broker;
using FastLog.Cluster.Configs;
using FastLog.WebConsole.Collecting;
using FastLog.WebConsole.Exposition;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.WebConsole.Tests;

/// <summary>The dashboard asks for nothing that a broker does not tell.</summary>
public sealed class DashboardTests
{
    // An ApiVersions request of version 0 without a client id.
    private static readonly byte[] ApiVersionsFrame = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];

    private static readonly string[] FunctionsAndLabels =
    [
        "sum", "max", "rate", "by", "le", "histogram_quantile", "api", "phase", "topic", "way", "mode", "error", "instance",
        "job", "total", "directory", "gc_heap_generation", "clamp_min", "partition", "without", "on",
    ];

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_one_of_the_brokers()
    {
        IReadOnlySet<string> names = await ExposedNamesAsync();
        string[] queries = [.. Queries()];

        Assert.True(queries.Length >= 20, $"only {queries.Length} queries were found in the dashboard");
        Assert.All(queries, query =>
        {
            string[] used = [.. MetricsIn(query)];
            Assert.NotEmpty(used);
            Assert.All(used, metric => Assert.True(names.Contains(metric), $"{metric}, in: {query}"));
        });
    }

    [Fact]
    public void A_name_that_nobody_tells_is_found_in_a_query() =>
        Assert.Equal(
            ["fastlog_nonsense_total", "other_bytes"],
            MetricsIn("sum by (topic) (rate(fastlog_nonsense_total{topic=~\"$topic\"}[1m])) / sum(other_bytes)"));

    private static IEnumerable<string> Queries()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(DashboardPath()));
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (panel.TryGetProperty("targets", out JsonElement targets))
            {
                foreach (JsonElement target in targets.EnumerateArray())
                {
                    yield return target.GetProperty("expr").GetString()!;
                }
            }
        }
    }

    // What is left of a query without label selectors, ranges, grouping and functions.
    private static IEnumerable<string> MetricsIn(string query)
    {
        string plain = Regex.Replace(query, @"\{[^}]*\}|\[[^\]]*\]|\$\w+|\b(by|without|on)\s*\([^)]*\)", " ");
        return Regex.Matches(plain, "[a-zA-Z_][a-zA-Z0-9_]*").Select(match => match.Value).Except(FunctionsAndLabels);
    }

    private static async Task<IReadOnlySet<string>> ExposedNamesAsync()
    {
        string directory = Directory.CreateTempSubdirectory("fastlog-console-test-").FullName;
        try
        {
            (BrokerConfig config, _) = BrokerConfig.Parse(
                ServerProperties.Empty.With(["listeners=PLAINTEXT://127.0.0.1:0", $"log.dirs={directory}"]), "localhost");
            await using BrokerServer broker = await BrokerServer.StartAsync(
                config, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
            BrokerMetrics metrics = broker.AttachMetrics();
            using var process = new ProcessMetrics(metrics);
            using var collector = new MetricsCollector(metrics, new KeptLog());
            await AskAsync(broker);
            return collector.Collect().SelectMany(NamesOf).ToHashSet(StringComparer.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // The instruments of an API come with its first request.
    private static async Task AskAsync(BrokerServer broker)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(broker.EndPoints[0].EndPoint);
        await client.GetStream().WriteAsync(ApiVersionsFrame);
        await client.GetStream().ReadExactlyAsync(new byte[4]);
    }

    private static IEnumerable<string> NamesOf(MetricFamily family) => family.Kind == MetricKind.Histogram
        ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"]
        : [family.Name];

    private static string DashboardPath()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "FastLog.sln")))
        {
            at = at.Parent;
        }

        return Path.Combine(at!.FullName, "tools", "grafana", "fastlog.json");
    }
}
