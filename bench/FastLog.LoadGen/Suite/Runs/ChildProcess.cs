using System.Diagnostics;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>A program run to its end.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it; when cancelled, ends it.</summary>
    /// <param name="program">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="isErrorShown">Whether its standard error goes to the terminal instead of into the result.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SuiteException">It cannot be started.</exception>
    public static async Task<ChildOutput> RunAsync(
        string program, IReadOnlyList<string> arguments, bool isErrorShown, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = !isErrorShown,
        };
        using Process process = Start(start);
        try
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> error = isErrorShown ? Task.FromResult("") : process.StandardError.ReadToEndAsync(cancellationToken);
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(cancellationToken);
            return new ChildOutput(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SuiteException($"cannot start {start.FileName}: {e.Message}", e);
        }
    }
}

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record ChildOutput(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of the error output that is not empty.</summary>
    public string LastErrorLine => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .LastOrDefault("it said nothing");
}
