using System.IO.Pipelines;
using System.Text;
using FastLog.WebConsole.Collecting;
using FastLog.WebConsole.Exposition;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FastLog.WebConsole.Http;

/// <summary>What the console answers: <c>/metrics</c>, <c>/healthz</c>, and at <c>/</c> where to look.</summary>
internal sealed class ConsoleApplication(MetricsCollector collector) : IHttpApplication<IFeatureCollection>
{
    /// <summary>A page goes out in pieces of about this size.</summary>
    private const int FlushBytes = 64 * 1024;

    private const string PlainText = "text/plain; charset=utf-8";

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(IFeatureCollection context)
    {
        IHttpRequestFeature request = context.GetRequiredFeature<IHttpRequestFeature>();
        if (request.Method is not ("GET" or "HEAD"))
        {
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD are answered\n");
        }

        return request.Path switch
        {
            "/metrics" => AnswerMetricsAsync(context, hasBody: request.Method == "GET"),
            "/healthz" => AnswerAsync(context, StatusCodes.Status200OK, "ok\n"),
            "/" => AnswerAsync(context, StatusCodes.Status200OK, "FastLog. Metrics for Prometheus: /metrics\n"),
            _ => AnswerAsync(context, StatusCodes.Status404NotFound, "not found; metrics for Prometheus: /metrics\n"),
        };
    }

    private static PipeWriter Begin(IFeatureCollection context, int status, string contentType)
    {
        IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        response.Headers.ContentType = contentType;
        return context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
    }

    private static async Task AnswerAsync(IFeatureCollection context, int status, string text)
    {
        PipeWriter body = Begin(context, status, PlainText);
        await body.WriteAsync(Encoding.UTF8.GetBytes(text)).ConfigureAwait(false);
    }

    private async Task AnswerMetricsAsync(IFeatureCollection context, bool hasBody)
    {
        PipeWriter body = Begin(context, StatusCodes.Status200OK, PrometheusTextWriter.ContentType);
        if (!hasBody)
        {
            return;
        }

        var writer = new PrometheusTextWriter(body);
        foreach (MetricFamily family in collector.Collect())
        {
            writer.Write(family);
            if (body.UnflushedBytes >= FlushBytes && (await body.FlushAsync().ConfigureAwait(false)).IsCompleted)
            {
                return;
            }
        }

        await body.FlushAsync().ConfigureAwait(false);
    }
}
