using System.Diagnostics;

namespace FastLog.Interop.Harness;

/// <summary>How a program ended and what it wrote.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its stdout, byte for byte.</param>
/// <param name="Errors">Its stderr as text.</param>
internal sealed record ProgramResult(int ExitCode, byte[] Output, string Errors)
{
    /// <summary>Its stdout as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Output);

    /// <summary>Its stdout as lines, without the end of the last one.</summary>
    public string[] Lines => Text.Length == 0 ? [] : Text.TrimEnd('\n').Split('\n');
}

/// <summary>Runs programs we did not write.</summary>
internal static class ExternalProgram
{
    private static readonly TimeSpan RunTimeMax = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end: gives it <paramref name="input"/> and takes all it writes.</summary>
    public static async Task<ProgramResult> RunAsync(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments, environment) };
        process.Start();
        using var deadline = new CancellationTokenSource(RunTimeMax);
        try
        {
            var output = new MemoryStream();
            Task write = WriteAsync(process, input, deadline.Token);
            Task read = process.StandardOutput.BaseStream.CopyToAsync(output, deadline.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await Task.WhenAll(write, read, errors, process.WaitForExitAsync(deadline.Token));
            return new ProgramResult(process.ExitCode, output.ToArray(), await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', process.StartInfo.ArgumentList)} ran longer than {RunTimeMax}.");
        }
    }

    /// <summary>As <see cref="RunAsync"/>, and fails unless the exit code is 0.</summary>
    public static async Task<ProgramResult> SucceedAsync(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] all = [.. arguments];
        ProgramResult result = await RunAsync(program, all, input, environment);
        Assert.True(result.ExitCode == 0,
            $"{program} {string.Join(' ', all)} ended with {result.ExitCode}:\n{result.Errors}\n{result.Text}");
        return result;
    }

    /// <summary>A start with all three streams redirected.</summary>
    public static ProcessStartInfo StartInfo(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[key] = value;
        }

        return info;
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it; its exit code says whether that was right.
        }
    }
}
