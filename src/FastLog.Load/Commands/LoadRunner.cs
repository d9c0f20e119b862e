using System.CommandLine;
using System.Runtime.InteropServices;
using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Results;
using FastLog.Network;

namespace FastLog.Load.Commands;

/// <summary>Runs a load and prints its result, or the one line that says why there is none.</summary>
internal static class LoadRunner
{
    private const int FailedExitCode = 1;
    private const int UsageExitCode = 2;
    private const int InterruptedExitCode = 130;

    /// <summary>Makes <paramref name="run"/> what the command does. The first Ctrl-C ends the load and what was measured so
    /// far is printed; a second one kills.</summary>
    public static void SetLoad(
        this Command command, LoadOptions options, Func<ParseResult, CancellationToken, Task<LoadResult>> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // A hop less for each answer; what a load does with one is short.
            SocketCompletions.RunInline();
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            void Stop(PosixSignalContext context)
            {
                context.Cancel = !stopping.IsCancellationRequested;
                stopping.Cancel();
            }

            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            try
            {
                LoadResult result = await run(parsed, stopping.Token).ConfigureAwait(false);
                Print(Named(result, options, parsed), options.IsJson(parsed));
                return result.IsInterrupted ? InterruptedExitCode : 0;
            }
            catch (UsageException e)
            {
                return await SayAsync(parsed, e, UsageExitCode).ConfigureAwait(false);
            }
            catch (Exception e) when (IsAnswer(e))
            {
                return await SayAsync(parsed, e, FailedExitCode).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Nothing was measured yet.
                return InterruptedExitCode;
            }
        });

    /// <summary>The names that lead to a command, without the program's.</summary>
    public static IReadOnlyList<string> PathOf(ParseResult parsed)
    {
        List<string> names = [];
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult parent; at = parent)
        {
            names.Insert(0, at.Command.Name);
        }

        return names;
    }

    private static LoadResult Named(LoadResult result, LoadOptions options, ParseResult parsed) => result with
    {
        Scenario = options.ScenarioOf(parsed),
        Command = string.Join(' ', [parsed.RootCommandResult.Command.Name, .. parsed.Tokens.Select(token => token.Value)]),
    };

    private static void Print(LoadResult result, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(ResultJson.Write(result, isIndented: true));
        }
        else
        {
            ResultTable.Print(result);
        }
    }

    /// <summary>Errors that tell the user all there is to know; anything else is a defect and keeps its trace.</summary>
    private static bool IsAnswer(Exception e) =>
        e is LoadFailedException or KafkaException or ProcessGoneException or FormatException;

    private static async Task<int> SayAsync(ParseResult parsed, Exception e, int exitCode)
    {
        await Console.Error.WriteLineAsync($"{parsed.RootCommandResult.Command.Name}: {e.Message}").ConfigureAwait(false);
        return exitCode;
    }
}
