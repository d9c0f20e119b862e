using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using FastLog.Broker;
using FastLog.Cluster.Configs;
using FastLog.Network;
using Microsoft.Extensions.Logging;

namespace FastLog.Server.Hosting;

/// <summary><c>fastlog server</c>: runs a broker until SIGTERM or Ctrl-C.</summary>
internal static class ServerCommand
{
    private static readonly Argument<FileInfo?> PropertiesFile = new("server.properties")
    {
        Description = "Configuration with Kafka's property names. Without it: listens on 127.0.0.1:9092, "
            + "keeps data in ./fastlog-data.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Overrides = new("--override")
    {
        Description = "A property that wins over the file, as key=value; may be given several times.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("server", "Run a broker.") { PropertiesFile, Overrides };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(PropertiesFile), parsed.GetValue(Overrides)!));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? file, string[] overrides)
    {
        var started = Stopwatch.GetTimestamp();
        SocketCompletions.RunInline();
        using var loggers = new StandardErrorLoggers(LogLevel.Information, Console.Error);
        var log = loggers.CreateLogger("fastlog.Server");
        using var stop = new StopSignal();
        try
        {
            var properties = file is null ? ServerProperties.Empty : ServerProperties.ReadFile(file.FullName);
            var (config, warnings) = BrokerConfig.Parse(properties.With(overrides), Environment.MachineName);
            foreach (var warning in warnings)
            {
                log.LogWarning("{Warning}", warning);
            }

            await using var console = BackgroundConsole.Bind(config, log);
            var server = await BrokerServer
                .StartAsync(config, loggers, TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                AnnounceReady(server, config, Stopwatch.GetElapsedTime(started));
                console.Start(server);
                if (await Task.WhenAny(stop.Received, server.Failed).ConfigureAwait(false) == server.Failed)
                {
                    Halt(await server.Failed.ConfigureAwait(false));
                }

                log.LogInformation("{Signal}: stopping", await stop.Received.ConfigureAwait(false));
                await console.DisposeAsync().ConfigureAwait(false);
            }

            log.LogInformation("Stopped cleanly");
            return 0;
        }
        catch (Exception e) when (e is ConfigException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"fastlog: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    // No clean stop: it would wait for a disk that has failed, and answer what is not stored.
    private static void Halt(string reason)
    {
        Console.Error.WriteLine($"fastlog: {reason}. The broker ends.");
        Environment.Exit(1);
    }

    private static void AnnounceReady(BrokerServer server, BrokerConfig config, TimeSpan took)
    {
        var version = typeof(ServerCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        var listeners = string.Join(", ", server.EndPoints.Select(listener => $"{listener.Name}://{listener.EndPoint}"));
        Console.WriteLine(
            $"FastLog {version?.InformationalVersion} ready on {listeners}, node {server.NodeId}, "
            + $"cluster {server.Image.ClusterId}, data in {string.Join(", ", config.LogDirs)} "
            + $"({took.TotalMilliseconds:F0} ms)");
    }
}
