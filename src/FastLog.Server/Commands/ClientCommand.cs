using System.CommandLine;
using System.Runtime.InteropServices;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary>What all commands that talk to a broker share: where it is, how errors are said, how Ctrl-C ends them.</summary>
internal static class ClientCommand
{
    /// <summary><c>--bootstrap-server</c>.</summary>
    public static Option<string> BootstrapServer() => new("--bootstrap-server", "-b")
    {
        Description = "The broker to start from; several may be given, divided by commas.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => "127.0.0.1:9092",
    };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json(string description = "Print one JSON document.") => new("--json") { Description = description };

    /// <summary>
    /// Makes <paramref name="run"/> what the command does. An error becomes one line on stderr and exit code 1;
    /// the first Ctrl-C cancels, a second one kills. SIGTERM only ever cancels: who sends it twice, as timeout(1) does, means
    /// one end and not a hasty one.
    /// </summary>
    public static void SetRun(this Command command, Func<ParseResult, CancellationToken, Task<int>> run) =>
        command.SetAction(async (parsed, _) =>
        {
            using var stopping = new CancellationTokenSource();
            void Stop(PosixSignalContext context)
            {
                context.Cancel = context.Signal == PosixSignal.SIGTERM || !stopping.IsCancellationRequested;
                stopping.Cancel();
            }

            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            try
            {
                return await run(parsed, stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (IsAnswer(e))
            {
                await Console.Error.WriteLineAsync($"fastlog: {e.Message}").ConfigureAwait(false);
                return 1;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return 0;
            }
        });

    /// <summary>Errors that tell the user all there is to know; anything else is a defect and keeps its trace.</summary>
    private static bool IsAnswer(Exception e) =>
        e is KafkaException or FormatException or ArgumentException or IOException or UnauthorizedAccessException;
}
