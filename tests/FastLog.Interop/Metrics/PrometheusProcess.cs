using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FastLog.Interop.Harness;

namespace FastLog.Interop.Metrics;

/// <summary>A running Prometheus that scrapes one address, with its data in a folder of its own.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly DataDirectory _data = new();
    private readonly OutputLines _output = new();
    private readonly HttpClient _client;
    private readonly Process _process;

    private PrometheusProcess(string target)
    {
        int port = LoopbackPort.Free();
        string config = Path.Combine(_data.Path, "prometheus.yml");
        File.WriteAllText(config, $"""
            global:
              scrape_interval: 500ms
              scrape_timeout: 500ms
            scrape_configs:
              - job_name: fastlog
                static_configs:
                  - targets: ['{target}']
            """);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}") };
        _process = new Process
        {
            StartInfo = ExternalProgram.StartInfo("prometheus",
            [
                $"--config.file={config}",
                $"--storage.tsdb.path={Path.Combine(_data.Path, "tsdb")}",
                $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
            ]),
        };
        _process.OutputDataReceived += (_, e) => _output.Add(e.Data ?? "");
        _process.ErrorDataReceived += (_, e) => _output.Add(e.Data ?? "");
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts one.</summary>
    public static PrometheusProcess Start(string target) => new(target);

    /// <summary>Asks until the query's only result satisfies the condition.</summary>
    public async Task<double> WaitForAsync(string query, Func<double, bool> condition)
    {
        long began = Stopwatch.GetTimestamp();
        double? last = null;
        while (Stopwatch.GetElapsedTime(began) < WaitMax && !_process.HasExited)
        {
            last = await QueryAsync(query);
            if (last is { } value && condition(value))
            {
                return value;
            }

            await Task.Delay(LookAgain);
        }

        throw new TimeoutException($"{query} was {last?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} in the end. Prometheus wrote:\n{_output}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _client.Dispose();
        _data.Dispose();
    }

    private async Task<double?> QueryAsync(string query)
    {
        try
        {
            string json = await _client.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative));
            using JsonDocument answer = JsonDocument.Parse(json);
            JsonElement result = answer.RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 1
                ? double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
                : null;
        }
        catch (HttpRequestException)
        {
            // Not up yet.
            return null;
        }
    }
}
