using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FastLog.Load.Sink;

namespace FastLog.Load.Commands;

/// <summary><c>sink</c>, not shown in help: the process that <c>ceiling</c> starts. It prints its port and ends with its
/// standard input.</summary>
public static class SinkCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "sink";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<int> port = Options.NotNegative("--port", "Where to listen; 0 lets the system choose.", 0);
        Option<int> partitions = Options.Positive("--partitions", "How many partitions every topic has.", 1);
        Command command = new(Name, "Acknowledge every produce request and keep nothing, until standard input ends.")
        {
            port,
            partitions,
        };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(port), parsed.GetValue(partitions)));
        return command;
    }

    private static async Task<int> RunAsync(int port, int partitionsCount)
    {
        // A terminal's Ctrl-C comes here too, but the load has still to be answered.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        try
        {
            await using SinkServer sink = new(port, partitionsCount);
            await Console.Out.WriteLineAsync(sink.EndPoint.Port.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
            await Console.Out.FlushAsync().ConfigureAwait(false);
            // On a thread of its own: reading a console blocks it.
            await Task.Factory.StartNew(
                ReadToEnd, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            return 0;
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"cannot listen on port {port}: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static void ReadToEnd()
    {
        while (Console.In.ReadLine() is not null)
        {
        }
    }
}
