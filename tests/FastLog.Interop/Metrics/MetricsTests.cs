using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FastLog.Interop.Harness;
using FastLog.Interop.Kcat;

namespace FastLog.Interop.Metrics;

/// <summary>What /metrics says is what happened, in a form that Prometheus takes.</summary>
public sealed class MetricsTests
{
    private const string Topic = "counted";
    private const int Records = 20_000;
    private const string FetchCount = "fastlog_request_seconds_count{api=\"Fetch\",phase=\"total\"}";
    private const string ProduceCount = "fastlog_request_seconds_count{api=\"Produce\",phase=\"total\"}";

    [Fact]
    public async Task What_kcat_produced_and_consumed_is_on_the_page()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync("http.listeners=http://127.0.0.1:0");
        Uri address = await AddressAsync(broker);
        MetricsPage before = await MetricsPage.GetAsync(address);
        var kcat = new KcatProgram(broker);

        await kcat.ProduceAsync(Topic, Numbers());
        Assert.Equal(Records, (await kcat.ConsumeAsync(Topic)).Count);
        await kcat.TryAsync("-C", "-q", "-e", "-t", Topic, "-p", "0", "-o", "999999", "-X", "auto.offset.reset=error");
        MetricsPage after = await MetricsPage.GetAsync(address);

        // Batches lie in the log as they came, so the files are an account of their own.
        long stored = Directory.GetDirectories(broker.Data.Path, $"{Topic}-*")
            .SelectMany(path => new DirectoryInfo(path).EnumerateFiles("*.log"))
            .Sum(file => file.Length);
        Assert.True(stored > Records * 4);
        Assert.Equal(stored, after[$"fastlog_topic_received_bytes_total{{topic=\"{Topic}\"}}"]);
        Assert.Equal(stored, after[$"fastlog_topic_size_bytes{{topic=\"{Topic}\"}}"]);
        Assert.Equal(Records, after[$"fastlog_topic_records_total{{topic=\"{Topic}\"}}"]);
        Assert.True(after[$"fastlog_topic_sent_bytes_total{{topic=\"{Topic}\"}}"] >= stored);
        Assert.Equal(Records, after[$"fastlog_partition_end_offset{{topic=\"{Topic}\",partition=\"0\"}}"]);
        Assert.True(after["fastlog_network_received_bytes_total"] - before["fastlog_network_received_bytes_total"] > stored);
        Assert.True(after["fastlog_network_sent_bytes_total"] - before["fastlog_network_sent_bytes_total"] > stored);
        Assert.Equal(
            after[$"fastlog_topic_batches_total{{topic=\"{Topic}\"}}"], after[ProduceCount] - before.Find(ProduceCount));
        Assert.True(after[FetchCount] > before.Find(FetchCount));
        Assert.True(after["fastlog_request_errors_total{api=\"Fetch\",error=\"OFFSET_OUT_OF_RANGE\"}"] >= 1);
        Assert.Equal(1, after["fastlog_controller_active"]);
        Assert.Equal(0, after["fastlog_partitions_offline"]);
        Assert.Equal(0, after["fastlog_partitions_under_replicated"]);
        Assert.Equal(
            after["fastlog_connections_open"],
            after["fastlog_connections_accepted_total"] - after["fastlog_connections_closed_total"]);
        Assert.True(after["process_cpu_seconds_total{mode=\"user\"}"] >= before["process_cpu_seconds_total{mode=\"user\"}"]);
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_say_about_the_page()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync("http.listeners=http://127.0.0.1:0");
        await new KcatProgram(broker).ProduceAsync(Topic, Numbers());
        await new KcatProgram(broker).ConsumeAsync(Topic);
        MetricsPage page = await MetricsPage.GetAsync(await AddressAsync(broker));

        ProgramResult checkedPage = await ExternalProgram.SucceedAsync(
            "promtool", ["check", "metrics"], Encoding.UTF8.GetBytes(page.Text));

        Assert.Equal("", checkedPage.Errors + checkedPage.Text);
    }

    [Fact]
    public async Task A_real_prometheus_scrapes_the_broker()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync("http.listeners=http://127.0.0.1:0");
        Uri address = await AddressAsync(broker);
        await using PrometheusProcess prometheus = PrometheusProcess.Start(address.Authority);

        await prometheus.WaitForAsync("up", up => up == 1);
        await new KcatProgram(broker).ProduceAsync(Topic, Numbers());

        await prometheus.WaitForAsync($"fastlog_topic_records_total{{topic=\"{Topic}\"}}", records => records == Records);
        double p99 = await prometheus.WaitForAsync(
            "histogram_quantile(0.99, sum by (le) (fastlog_request_seconds_bucket{api=\"Produce\",phase=\"total\"}))",
            double.IsFinite);
        Assert.InRange(p99, 0, 10);
    }

    [Fact]
    public async Task An_address_that_was_given_and_is_taken_stops_the_start_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = $"http://{taken.LocalEndpoint}";
        using var data = new DataDirectory();

        ProgramResult result = await BrokerProcess.RunServerAsync(
            BrokerProcess.Arguments(LoopbackPort.Free(), data.Path, $"http.listeners={address}"));

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.Contains(address, line, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(data.Path));
    }

    private static string Numbers() =>
        string.Concat(Enumerable.Range(0, Records).Select(number => number.ToString(CultureInfo.InvariantCulture) + "\n"));

    // Told on a line of its own, with the port that the system chose.
    private static async Task<Uri> AddressAsync(BrokerProcess broker)
    {
        string line = await broker.Output.FirstAsync(line => line.Contains("/metrics", StringComparison.Ordinal))
            .WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("The server ended.");
        return new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0]);
    }
}
