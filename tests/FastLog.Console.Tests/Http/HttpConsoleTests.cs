using System.Diagnostics.Metrics;
using System.Net;
using FastLog.WebConsole.Http;

namespace FastLog.WebConsole.Tests.Http;

public sealed class HttpConsoleTests
{
    private static readonly (string Host, int Port)[] AnyPort = [("127.0.0.1", 0)];

    [Fact]
    public async Task The_page_has_prometheus_type_and_the_values_of_now()
    {
        var scope = new object();
        using var meter = new Meter(new MeterOptions("test") { Scope = scope });
        int value = 1;
        meter.CreateObservableGauge("answer", () => value);
        using HttpSockets sockets = HttpSockets.Bind(AnyPort);
        await using HttpConsole console = await HttpConsole.StartAsync(sockets, scope, new KeptLog());
        using var client = new HttpClient { BaseAddress = new Uri($"http://{sockets.EndPoints.Single()}") };

        using HttpResponseMessage first = await client.GetAsync(new Uri("/metrics", UriKind.Relative));
        value = 42;
        string second = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", first.Content.Headers.ContentType!.ToString());
        Assert.Contains("\nanswer 1\n", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\nanswer 42\n", second, StringComparison.Ordinal);
        Assert.Contains("process_cpu_seconds_total{mode=\"user\"} ", second, StringComparison.Ordinal);
        Assert.Contains("\nprocess_open_fds ", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.OK)]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    [InlineData("HEAD", "/metrics", HttpStatusCode.OK)]
    [InlineData("GET", "/metrics/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/../etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/metrics", HttpStatusCode.MethodNotAllowed)]
    public async Task Everything_else_has_a_plain_answer(string method, string path, HttpStatusCode expected)
    {
        using HttpSockets sockets = HttpSockets.Bind(AnyPort);
        await using HttpConsole console = await HttpConsole.StartAsync(sockets, new object(), new KeptLog());
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{sockets.EndPoints.Single()}{path}");

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public void An_address_in_use_is_refused_with_its_name()
    {
        using HttpSockets first = HttpSockets.Bind(AnyPort);
        IPEndPoint taken = first.EndPoints.Single();

        IOException refused = Assert.Throws<IOException>(() => HttpSockets.Bind([("127.0.0.1", 0), ("127.0.0.1", taken.Port)]));

        Assert.Contains($"http://{taken}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_end_the_port_is_free()
    {
        HttpSockets sockets = HttpSockets.Bind(AnyPort);
        IPEndPoint endPoint = sockets.EndPoints.Single();
        HttpConsole console = await HttpConsole.StartAsync(sockets, new object(), new KeptLog());
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri($"http://{endPoint}/healthz"));

        await console.DisposeAsync();
        sockets.Dispose();

        using HttpSockets again = HttpSockets.Bind([("127.0.0.1", endPoint.Port)]);
        Assert.Equal(endPoint, again.EndPoints.Single());
    }
}
